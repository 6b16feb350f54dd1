"""Postgres.js: a PostgreSQL client for Node, a pool in itself."""
