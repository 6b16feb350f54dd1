"""The Java virtual machine: its flags, wherever they are given."""
