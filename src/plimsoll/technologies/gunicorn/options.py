"""gunicorn's settings as its command line and its files take them."""

from __future__ import annotations

from enum import Enum, auto
from functools import cache

from msgspec import Struct


class Kind(Enum):
    """What an option does with its setting."""

    TEXT = auto()
    COUNT = auto()  # a whole number, checked by the command line itself
    LIST = auto()  # each use adds one
    FLAG = auto()  # sets it
    UNFLAG = auto()  # clears it
    OPTIONAL = auto()  # takes a value or none


class Option(Struct, frozen=True):
    """A setting and the options that set it; none where only a file can."""

    name: str
    flags: tuple[str, ...]
    kind: Kind

    @property
    def takes_value(self) -> bool:
        return self.kind in (Kind.TEXT, Kind.COUNT, Kind.LIST)


# Where the option is not the setting's name with dashes, and short ones.
_FLAGS = {
    "config": ("-c", "--config"),
    "bind": ("-b", "--bind"),
    "workers": ("-w", "--workers"),
    "worker_class": ("-k", "--worker-class"),
    "timeout": ("-t", "--timeout"),
    "keepalive": ("--keep-alive",),
    "limit_request_field_size": ("--limit-request-field_size",),
    "reload_extra_files": ("--reload-extra-file",),
    "preload_app": ("--preload",),
    "sendfile": ("--no-sendfile",),
    "daemon": ("-D", "--daemon"),
    "raw_env": ("-e", "--env"),
    "pidfile": ("-p", "--pid"),
    "user": ("-u", "--user"),
    "group": ("-g", "--group"),
    "umask": ("-m", "--umask"),
    "accesslog": ("--access-logfile",),
    "access_log_format": ("--access-logformat",),
    "errorlog": ("--error-logfile", "--log-file"),
    "loglevel": ("--log-level",),
    "logconfig": ("--log-config",),
    "logconfig_json": ("--log-config-json",),
    "syslog_addr": ("--log-syslog-to",),
    "syslog": ("--log-syslog",),
    "syslog_prefix": ("--log-syslog-prefix",),
    "syslog_facility": ("--log-syslog-facility",),
    "enable_stdio_inheritance": ("-R", "--enable-stdio-inheritance"),
    "proc_name": ("-n", "--name"),
    "paste": ("--paste", "--paster"),
    "proxy_allow_ips": ("--proxy-allow-from",),
    "uwsgi_allow_ips": ("--uwsgi-allow-from",),
    "raw_paste_global_conf": ("--paste-global",),
    "dirty_apps": ("--dirty-app",),
    "control_socket_disable": ("--no-control-socket",),
}
_IN_FILES_ONLY = [
    "wsgi_app",
    "tmp_upload_dir",
    "secure_scheme_headers",
    "logconfig_dict",
    "default_proc_name",
]

_FUNCTIONS = """on_starting on_reload when_ready pre_fork post_fork post_worker_init worker_int
    worker_abort pre_exec pre_request post_request child_exit worker_exit nworkers_changed on_exit
    ssl_context on_dirty_starting dirty_post_fork dirty_worker_init dirty_worker_exit"""
HOOKS = frozenset(_FUNCTIONS.split())

_BY_KIND = {
    Kind.COUNT: """backlog workers threads worker_connections max_requests max_requests_jitter
        timeout graceful_timeout keepalive limit_request_line limit_request_fields
        limit_request_field_size http2_max_concurrent_streams http2_initial_window_size
        http2_max_frame_size http2_max_header_list_size asgi_disconnect_grace_period
        websocket_max_message_size dirty_workers dirty_timeout dirty_threads
        dirty_graceful_timeout""",
    Kind.FLAG: """reload spew check_config print_config preload_app reuse_port daemon initgroups
        disable_redirect_access_to_syslog capture_output syslog enable_stdio_inheritance
        enable_backlog_metric suppress_ragged_eofs do_handshake_on_connect
        permit_obsolete_folding strip_header_spaces permit_unconventional_http_method
        permit_unconventional_http_version casefold_http_method control_socket_disable
        tolerate_dangerous_framing""",
    Kind.LIST: "bind raw_env reload_extra_files raw_paste_global_conf dirty_apps",
    Kind.UNFLAG: "sendfile",
    Kind.OPTIONAL: "proxy_protocol",
    Kind.TEXT: """config worker_class reload_engine chdir pidfile worker_tmp_dir user group umask
        forwarded_allow_ips accesslog access_log_format errorlog loglevel logger_class logconfig
        logconfig_json syslog_addr syslog_prefix syslog_facility statsd_host dogstatsd_tags
        statsd_prefix proc_name pythonpath paste proxy_allow_ips protocol uwsgi_allow_ips keyfile
        certfile ssl_version cert_reqs ca_certs ciphers http_protocols http2_cleartext
        forwarder_headers header_map asgi_loop asgi_lifespan http_parser root_path control_socket
        control_socket_mode""",
}

OPTIONS = {
    name: Option(name, _FLAGS.get(name, (f"--{name.replace('_', '-')}",)), kind)
    for kind, listed in _BY_KIND.items()
    for name in listed.split()
} | {name: Option(name, (), Kind.TEXT) for name in _IN_FILES_ONLY}


@cache
def by_flag() -> dict[str, Option]:
    """Every option by each of its flags."""
    return {flag: option for option in OPTIONS.values() for flag in option.flags}


def option_of(flag: str) -> Option | None:
    """The option of a flag; of a long one an unambiguous beginning is enough."""
    exact = by_flag().get(flag)
    if exact or not flag.startswith("--") or len(flag) < 3:
        return exact
    meant = {o.name: o for f, o in by_flag().items() if f.startswith(flag)}
    return next(iter(meant.values())) if len(meant) == 1 else None
