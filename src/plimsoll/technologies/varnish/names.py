"""What stands in a declaration of VCL, and varnishd's parameters, to tell slips of the pen.

Source: vcl-backend(7), vcl-probe(7); `varnishd -x parameter`, 7.1.1.
"""

from __future__ import annotations

from functools import lru_cache

from plimsoll.syntax.suggest import closest, suggestion

ATTRIBUTES = {
    "backend": frozenset(
        {"host", "port", "path", "host_header", "connect_timeout", "first_byte_timeout", "probe"}
        | {"between_bytes_timeout", "max_connections", "proxy_header", "preamble", "via"}
        | {"authority", "wait_limit", "wait_timeout", "share", "saintmode_threshold"}
    ),
    "probe": frozenset(
        {"url", "request", "expected_response", "expect_close", "timeout", "interval", "window"}
        | {"threshold", "initial"}
    ),
}

# Attributes whose value is a string, and those that take none; the others take both, or a name.
STRINGS = frozenset({"host", "path", "host_header", "url", "request", "preamble", "authority"})
NUMBERS = frozenset(
    {"connect_timeout", "first_byte_timeout", "between_bytes_timeout", "max_connections"}
    | {"proxy_header", "wait_limit", "wait_timeout", "expected_response", "timeout", "interval"}
    | {"window", "threshold", "initial"}
)

_PARAMETERS = """
    accept_filter acceptor_sleep_decay acceptor_sleep_incr acceptor_sleep_max auto_restart
    backend_idle_timeout backend_local_error_holddown backend_remote_error_holddown ban_cutoff
    ban_dups ban_lurker_age ban_lurker_batch ban_lurker_holdoff ban_lurker_sleep
    between_bytes_timeout cc_command cc_warnings cli_limit cli_timeout clock_skew clock_step
    connect_timeout critbit_cooloff debug default_grace default_keep default_ttl experimental feature
    fetch_chunksize fetch_maxchunksize first_byte_timeout gzip_buffer gzip_level gzip_memlevel
    h2_header_table_size h2_initial_window_size h2_max_concurrent_streams h2_max_frame_size
    h2_max_header_list_size h2_rx_window_increment h2_rx_window_low_water h2_rxbuf_storage
    http1_iovs http_gzip_support http_max_hdr http_range_support http_req_hdr_len http_req_size
    http_resp_hdr_len http_resp_size idle_send_timeout listen_depth lru_interval max_esi_depth
    max_restarts max_retries max_vcl max_vcl_handling nuke_limit pcre2_depth_limit
    pcre2_jit_compilation pcre2_match_limit ping_interval pipe_sess_max pipe_timeout pool_req
    pool_sess pool_vbo prefer_ipv6 rush_exponent send_timeout shortlived sigsegv_handler
    syslog_cli_traffic tcp_fastopen tcp_keepalive_intvl tcp_keepalive_probes tcp_keepalive_time
    thread_pool_add_delay thread_pool_destroy_delay thread_pool_fail_delay thread_pool_max
    thread_pool_min thread_pool_reserve thread_pool_stack thread_pool_timeout thread_pool_watchdog
    thread_pools thread_queue_limit thread_stats_rate timeout_idle timeout_linger vary_notice
    vcc_allow_inline_c vcc_err_unref vcc_unsafe_path vcl_cooldown vcl_path vmod_path vsl_buffer
    vsl_mask vsl_reclen vsl_space vsm_free_cooldown workspace_backend workspace_client
    workspace_session workspace_thread
    acceptor_sleep_limit cli_buffer http_resp_max_hdr nuke_max pcre_match_limit sess_timeout
    sess_workspace shm_workspace thread_pool_purge_delay thread_pool_workspace timeout_req
    pcre_match_limit_recursion backend_wait_limit backend_wait_timeout pipe_task_deadline
    startup_timeout transit_buffer uncacheable_ttl vcl_dir vmod_dir vcc_feature
"""
PARAMETERS = frozenset(_PARAMETERS.split())

# What is less alike may be a parameter of another version.
_CLOSE = 0.85


@lru_cache(maxsize=256)
def unknown(kind: str, name: str) -> str:
    """Why a declaration has no attribute of that name; empty where it has."""
    known = ATTRIBUTES.get(kind)
    if known is None or name in known:
        return ""
    return f"a {kind} has no {name!r}{suggestion(name, known)}"


@lru_cache(maxsize=256)
def slip(name: str) -> str:
    """Why *name* is no parameter: it is almost one; empty where another version may have it."""
    near = "" if name in PARAMETERS else closest(name, PARAMETERS, _CLOSE)
    return f"varnishd has no parameter {name!r}; did you mean {near!r}?" if near else ""
