"""node-redis: a client of Redis for Node."""
