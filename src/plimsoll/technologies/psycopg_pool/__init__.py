"""psycopg_pool: the pool of psycopg 3."""
