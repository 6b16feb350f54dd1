"""The monitoring server, as a program and as its operator describes it."""
