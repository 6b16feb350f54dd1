"""The names that php-fpm knows, and what kind of value each takes.

Source: php-fpm configuration; measured on 8.2.35, which refuses every other name.
"""

from __future__ import annotations

GLOBAL = frozenset(
    [
        "daemonize",
        "emergency_restart_interval",
        "emergency_restart_threshold",
        "error_log",
        "events.mechanism",
        "include",
        "log_buffering",
        "log_level",
        "log_limit",
        "pid",
        "process.max",
        "process.priority",
        "process_control_timeout",
        "rlimit_core",
        "rlimit_files",
        "syslog.facility",
        "syslog.ident",
        "systemd_interval",
    ]
)
POOL = frozenset(
    [
        "access.format",
        "access.log",
        "apparmor_hat",
        "catch_workers_output",
        "chdir",
        "chroot",
        "clear_env",
        "decorate_workers_output",
        "group",
        "include",
        "listen",
        "listen.acl_groups",
        "listen.acl_users",
        "listen.allowed_clients",
        "listen.backlog",
        "listen.group",
        "listen.mode",
        "listen.owner",
        "listen.setfib",
        "ping.path",
        "ping.response",
        "pm",
        "pm.max_children",
        "pm.max_requests",
        "pm.max_spare_servers",
        "pm.max_spawn_rate",
        "pm.min_spare_servers",
        "pm.process_idle_timeout",
        "pm.start_servers",
        "pm.status_listen",
        "pm.status_path",
        "prefix",
        "process.dumpable",
        "process.priority",
        "request_slowlog_timeout",
        "request_slowlog_trace_depth",
        "request_terminate_timeout",
        "request_terminate_timeout_track_finished",
        "rlimit_core",
        "rlimit_files",
        "security.limit_extensions",
        "slowlog",
        "user",
    ]
)
OWN = GLOBAL | POOL

# Names with a key in brackets: those of PHP's own settings, and variables.
FLAGS = frozenset({"php_flag", "php_admin_flag"})
ADMIN = frozenset({"php_admin_value", "php_admin_flag"})
OF_PHP = frozenset({"php_value", "php_admin_value"}) | FLAGS
KEYED = OF_PHP | {"env"}
# Each line adds one; nothing stands in its brackets.
LISTS = frozenset({"access.suppress_path"})

BOOLEANS = frozenset(
    [
        "catch_workers_output",
        "clear_env",
        "daemonize",
        "decorate_workers_output",
        "log_buffering",
        "process.dumpable",
        "request_terminate_timeout_track_finished",
    ]
)
# In these `$pool` is the pool's name.
TEXTS = OWN - BOOLEANS
