"""PgBouncer before a PostgreSQL server. Source: PgBouncer manual, pool_mode and its table of features."""

from __future__ import annotations

from plimsoll.model.pooler import Pooler

POOLER = Pooler(
    servers=("postgresql",),
    file="pgbouncer.ini",
    text="""\
[databases]
* = host={server}
[pgbouncer]
pool_mode = transaction
max_client_conn = {clients}
default_pool_size = {connections}
max_db_connections = {connections}
query_wait_timeout = 5
""",
    caution="what outlasts a transaction (SET, LISTEN, locks of a session) does not work through it",
)
