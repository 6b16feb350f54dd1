"""asyncpg: its own pool of connections to PostgreSQL."""
