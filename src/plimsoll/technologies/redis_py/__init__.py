"""redis-py: the client of Redis for Python."""
