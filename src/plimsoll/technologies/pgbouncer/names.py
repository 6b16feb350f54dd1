"""Names that a connection string may have, and what the images' environment sets."""

from __future__ import annotations

from collections.abc import Mapping

# The old name of a value, and the one of [pgbouncer] that it is for one database.
RENAMED: Mapping[str, str] = {"reserve_pool": "reserve_pool_size"}

# The keys of each section's values, for any version.
KEYS: Mapping[str, frozenset[str]] = {
    "databases": frozenset(
        {
            "application_name", "auth_dbname", "auth_query", "auth_user", "client_encoding",
            "connect_query", "datestyle", "dbname", "host", "load_balance_hosts",
            "max_db_client_connections", "max_db_connections", "min_pool_size", "password",
            "pool_mode", "pool_size", "port", "reserve_pool", "reserve_pool_size",
            "server_lifetime", "timezone", "user",
        }
    ),
    "users": frozenset(
        {
            "client_idle_timeout", "idle_transaction_timeout", "max_user_client_connections",
            "max_user_connections", "pool_mode", "pool_size", "query_timeout",
            "reserve_pool_size", "transaction_timeout",
        }
    ),
    "peers": frozenset({"host", "pool_size", "port"}),
}  # fmt: skip

# The type of part that a line of a section makes.
PARTS: Mapping[str, str] = {"databases": "database", "users": "user", "peers": "peer"}

# Settings that an image writes into its file from a variable of the same name in capitals (edoburu),
# or with PGBOUNCER_ before it (bitnami).
_TEXT = """
    application_name_add_host auth_file auth_hba_file auth_query auth_type auth_user
    autodb_idle_timeout client_idle_timeout client_login_timeout client_tls_ca_file
    client_tls_cert_file client_tls_ciphers client_tls_key_file client_tls_protocols
    client_tls_sslmode default_pool_size disable_pqexec dns_max_ttl dns_nxdomain_ttl
    idle_transaction_timeout ignore_startup_parameters listen_addr listen_backlog listen_port
    log_connections log_disconnections log_pooler_errors log_stats max_client_conn
    max_db_connections max_packet_size max_prepared_statements max_user_connections min_pool_size
    pkt_buf pool_mode query_timeout query_wait_timeout reserve_pool_size reserve_pool_timeout
    sbuf_loopcnt server_check_delay server_check_query server_connect_timeout
    server_idle_timeout server_lifetime server_login_retry server_reset_query
    server_reset_query_always server_round_robin server_tls_ca_file server_tls_cert_file
    server_tls_ciphers server_tls_key_file server_tls_protocols server_tls_sslmode stats_period
    stats_users suspend_timeout tcp_defer_accept tcp_keepalive tcp_keepcnt tcp_keepidle
    tcp_keepintvl tcp_user_timeout unix_socket_dir
"""
OF_IMAGES = frozenset(_TEXT.split())
_OF_BITNAMI = {"PGBOUNCER_PORT": "listen_port", "PGBOUNCER_LISTEN_ADDRESS": "listen_addr"}


def variables() -> Mapping[str, str]:
    """Each variable of an image, and the setting that it becomes."""
    own = {name.upper(): name for name in OF_IMAGES}
    return {**own, **{f"PGBOUNCER_{v}": n for v, n in own.items()}, **_OF_BITNAMI}
