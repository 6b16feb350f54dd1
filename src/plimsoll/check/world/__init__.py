"""The stack as rules see it: the value of every attribute, with how it came about."""
