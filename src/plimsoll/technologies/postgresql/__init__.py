"""PostgreSQL: postgresql.conf and what it includes, postgresql.auto.conf, the server's command line."""
