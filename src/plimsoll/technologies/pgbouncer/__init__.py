"""PgBouncer: pgbouncer.ini with its connection strings, the command line, images' environment."""
