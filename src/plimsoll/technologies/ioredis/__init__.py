"""ioredis: a client of Redis for Node."""
