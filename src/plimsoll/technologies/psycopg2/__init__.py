"""psycopg2: one connection for each call of connect; libpq's waits."""
