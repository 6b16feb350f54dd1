"""Profiles of tuned, which set the kernel and the devices of a host."""
