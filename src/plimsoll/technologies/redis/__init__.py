"""Redis and Valkey: redis.conf and what it includes, the server's command line."""
