"""Procfiles: the processes of an application, one on a line."""
