"""node-postgres: pg-pool's connections to PostgreSQL."""
