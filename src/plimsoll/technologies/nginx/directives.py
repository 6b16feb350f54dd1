"""Which directives nginx has: where each may stand, and how it is written.

Source: the command tables of the programs nginx 1.22.1 and of its modules mail, stream, geoip,
image_filter, perl and xslt (Debian 12), each also tried with `nginx -t`; where later versions allow
a directive in more contexts, these are in the list too. It is not complete: modules of others add
names, so a name that is not here says nothing.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct

# [contexts], then one line for each way of writing: flag, count, size, ms (a time that may have
# milliseconds), seconds (a time that may not), offset (a size that may be in gigabytes) and buffers
# (a count and a size) are written once per level; so is `once`, with 1 argument or with any;
# `many` accumulates.
_TABLE = """
[main]
count: worker_rlimit_nofile
flag: daemon master_process pcre_jit
many: ssl_engine thread_pool
many 1: env load_module
ms: timer_resolution worker_shutdown_timeout
offset: worker_rlimit_core
once: events http mail stream user worker_cpu_affinity
once 1: debug_points lock_file pid worker_priority worker_processes working_directory
[main http server location stream stream-server mail mail-server]
many: error_log
[events]
count: epoll_events worker_aio_requests worker_connections
flag: accept_mutex multi_accept
many 1: debug_connection
ms: accept_mutex_delay
once 1: use
[http]
flag: geoip_proxy_recursive
many: charset_map fastcgi_cache_path geoip_proxy limit_req_zone perl_set proxy_cache_path
    scgi_cache_path uwsgi_cache_path
many 1: perl_modules perl_require
size: http2_recv_buffer_size
[http server]
buffers: large_client_header_buffers
count: http2_max_concurrent_pushes http2_max_concurrent_streams http2_streams_index_size
flag: ignore_invalid_headers merge_slashes ssl_early_data underscores_in_headers
many: http2_idle_timeout http2_max_field_size http2_max_header_size http2_max_requests
    http2_recv_timeout
ms: client_header_timeout
size: client_header_buffer_size connection_pool_size http2_body_preread_size http2_pool_size
    request_pool_size ssl_buffer_size
[http server location]
buffers: fastcgi_buffers gunzip_buffers gzip_buffers output_buffers proxy_buffers scgi_buffers
    uwsgi_buffers
count: fastcgi_cache_min_uses fastcgi_next_upstream_tries grpc_next_upstream_tries
    grpc_ssl_verify_depth gzip_comp_level limit_conn_status limit_req_status max_ranges
    memcached_gzip_flag memcached_next_upstream_tries min_delete_depth open_file_cache_min_uses
    proxy_cache_min_uses proxy_headers_hash_bucket_size proxy_headers_hash_max_size
    scgi_cache_min_uses scgi_next_upstream_tries types_hash_bucket_size types_hash_max_size
    userid_service uwsgi_cache_min_uses uwsgi_modifier1 uwsgi_modifier2 uwsgi_next_upstream_tries
    uwsgi_ssl_verify_depth
flag: absolute_redirect aio_write autoindex autoindex_exact_size autoindex_localtime
    chunked_transfer_encoding client_body_in_single_buffer create_full_put_path etag
    fastcgi_buffering fastcgi_cache_background_update fastcgi_cache_lock fastcgi_cache_revalidate
    fastcgi_force_ranges fastcgi_ignore_client_abort fastcgi_intercept_errors fastcgi_keep_conn
    fastcgi_pass_request_body fastcgi_pass_request_headers fastcgi_request_buffering
    fastcgi_socket_keepalive grpc_intercept_errors grpc_socket_keepalive grpc_ssl_server_name
    grpc_ssl_session_reuse grpc_ssl_verify gunzip gzip_no_buffer gzip_vary http2_push_preload
    image_filter_interlace image_filter_transparency limit_req_dry_run log_not_found log_subrequest
    memcached_socket_keepalive mirror_request_body mp4_start_key_frame msie_padding msie_refresh
    open_file_cache_errors open_file_cache_events port_in_redirect proxy_buffering
    proxy_cache_background_update proxy_cache_convert_head proxy_cache_lock proxy_cache_revalidate
    proxy_force_ranges proxy_ignore_client_abort proxy_intercept_errors proxy_pass_request_body
    proxy_pass_request_headers proxy_request_buffering real_ip_recursive recursive_error_pages
    reset_timedout_connection scgi_buffering scgi_cache_background_update scgi_cache_lock
    scgi_cache_revalidate scgi_force_ranges scgi_ignore_client_abort scgi_intercept_errors
    scgi_pass_request_body scgi_pass_request_headers scgi_request_buffering scgi_socket_keepalive
    server_name_in_redirect ssi_ignore_recycled_buffers ssi_last_modified ssi_silent_errors
    sub_filter_last_modified sub_filter_once tcp_nopush uwsgi_buffering
    uwsgi_cache_background_update uwsgi_cache_lock uwsgi_cache_revalidate uwsgi_force_ranges
    uwsgi_ignore_client_abort uwsgi_intercept_errors uwsgi_pass_request_body
    uwsgi_pass_request_headers uwsgi_request_buffering uwsgi_socket_keepalive uwsgi_ssl_server_name
    uwsgi_ssl_session_reuse uwsgi_ssl_verify xslt_last_modified
many: addition_types ancient_browser ancient_browser_value auth_request_set charset_types
    dav_methods fastcgi_cache_bypass fastcgi_cache_methods fastcgi_cache_use_stale
    fastcgi_cache_valid fastcgi_ignore_headers fastcgi_next_upstream fastcgi_no_cache fastcgi_param
    fastcgi_split_path_info grpc_ignore_headers grpc_next_upstream grpc_ssl_protocols gzip_disable
    gzip_proxied gzip_types http2_push image_filter_jpeg_quality image_filter_sharpen
    image_filter_webp_quality index keepalive_disable limit_req memcached_next_upstream mirror
    modern_browser modern_browser_value proxy_cache_bypass proxy_cache_methods proxy_cache_use_stale
    proxy_cache_valid proxy_cookie_domain proxy_cookie_flags proxy_cookie_path proxy_ignore_headers
    proxy_no_cache proxy_redirect scgi_cache_bypass scgi_cache_methods scgi_cache_use_stale
    scgi_cache_valid scgi_ignore_headers scgi_next_upstream scgi_no_cache scgi_param ssi_types
    sub_filter sub_filter_types types userid_flags uwsgi_cache_bypass uwsgi_cache_methods
    uwsgi_cache_use_stale uwsgi_cache_valid uwsgi_ignore_headers uwsgi_next_upstream uwsgi_no_cache
    uwsgi_param uwsgi_ssl_protocols xml_entities xslt_param xslt_string_param xslt_types
many 1: fastcgi_catch_stderr fastcgi_hide_header fastcgi_pass_header grpc_hide_header
    grpc_pass_header proxy_hide_header proxy_pass_header scgi_hide_header scgi_pass_header
    uwsgi_hide_header uwsgi_pass_header
many 2: grpc_set_header grpc_ssl_conf_command proxy_set_header uwsgi_ssl_conf_command
ms: auth_delay client_body_timeout fastcgi_cache_lock_age fastcgi_cache_lock_timeout
    fastcgi_connect_timeout fastcgi_next_upstream_timeout fastcgi_read_timeout fastcgi_send_timeout
    grpc_connect_timeout grpc_next_upstream_timeout grpc_read_timeout grpc_send_timeout
    lingering_time lingering_timeout memcached_connect_timeout memcached_next_upstream_timeout
    memcached_read_timeout memcached_send_timeout proxy_cache_lock_age proxy_cache_lock_timeout
    proxy_read_timeout proxy_send_timeout scgi_cache_lock_age scgi_cache_lock_timeout
    scgi_connect_timeout scgi_next_upstream_timeout scgi_read_timeout scgi_send_timeout send_timeout
    uwsgi_cache_lock_age uwsgi_cache_lock_timeout uwsgi_connect_timeout uwsgi_next_upstream_timeout
    uwsgi_read_timeout uwsgi_send_timeout
offset: client_max_body_size directio_alignment fastcgi_cache_max_range_offset
    proxy_cache_max_range_offset scgi_cache_max_range_offset uwsgi_cache_max_range_offset
once: client_body_temp_path dav_access disable_symlinks fastcgi_bind fastcgi_store_access
    fastcgi_temp_path grpc_bind memcached_bind open_file_cache proxy_store_access proxy_temp_path
    scgi_bind scgi_store_access scgi_temp_path uwsgi_bind uwsgi_store_access uwsgi_temp_path
once 1: add_after_body add_before_body aio auth_request autoindex_format client_body_in_file_only
    default_type directio fastcgi_cache fastcgi_cache_key fastcgi_index fastcgi_store
    grpc_ssl_certificate grpc_ssl_certificate_key grpc_ssl_ciphers grpc_ssl_crl grpc_ssl_name
    grpc_ssl_password_file grpc_ssl_trusted_certificate gzip_http_version gzip_static
    if_modified_since limit_req_log_level lingering_close proxy_cache proxy_cache_key
    proxy_http_version proxy_method proxy_set_body proxy_store real_ip_header satisfy scgi_cache
    scgi_cache_key scgi_store secure_link secure_link_md5 secure_link_secret server_tokens userid
    userid_domain userid_expires userid_mark userid_name userid_p3p userid_path uwsgi_cache
    uwsgi_cache_key uwsgi_ssl_certificate uwsgi_ssl_certificate_key uwsgi_ssl_ciphers uwsgi_ssl_crl
    uwsgi_ssl_name uwsgi_ssl_password_file uwsgi_ssl_trusted_certificate uwsgi_store uwsgi_string
seconds: open_file_cache_valid
size: client_body_buffer_size fastcgi_buffer_size fastcgi_busy_buffers_size fastcgi_limit_rate
    fastcgi_max_temp_file_size fastcgi_send_lowat fastcgi_temp_file_write_size grpc_buffer_size
    gzip_hash gzip_min_length gzip_window http2_chunk_size image_filter_buffer memcached_buffer_size
    mp4_buffer_size mp4_max_buffer_size postpone_gzipping postpone_output proxy_busy_buffers_size
    proxy_limit_rate proxy_max_temp_file_size proxy_send_lowat proxy_temp_file_write_size read_ahead
    scgi_buffer_size scgi_busy_buffers_size scgi_limit_rate scgi_max_temp_file_size
    scgi_temp_file_write_size send_lowat sendfile_max_chunk slice ssi_min_file_chunk
    ssi_value_length subrequest_output_buffer_size uwsgi_buffer_size uwsgi_busy_buffers_size
    uwsgi_limit_rate uwsgi_max_temp_file_size uwsgi_temp_file_write_size
[http server location server-if location-if]
flag: rewrite_log uninitialized_variable_warn
[http server location location-if]
flag: gzip override_charset sendfile ssi
many: add_header add_trailer error_page
once: expires
once 1: charset post_action root source_charset
size: limit_rate limit_rate_after
[http server location location-if limit_except stream stream-server]
many: access_log
[http server location limit_except]
once 1: auth_basic auth_basic_user_file
[http server location limit_except stream stream-server]
many: allow deny
[http server location upstream]
count: keepalive_requests
ms: keepalive_time
once: keepalive_timeout
[http server location upstream stream stream-server stream-upstream mail mail-server]
ms: resolver_timeout
once: resolver
[http server location stream stream-server]
count: proxy_next_upstream_tries proxy_ssl_verify_depth
flag: limit_conn_dry_run proxy_socket_keepalive proxy_ssl_server_name proxy_ssl_session_reuse
    proxy_ssl_verify tcp_nodelay
many: limit_conn proxy_next_upstream proxy_ssl_protocols
many 2: proxy_ssl_conf_command
ms: proxy_connect_timeout proxy_next_upstream_timeout
once: open_log_file_cache proxy_bind
once 1: limit_conn_log_level proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_ciphers
    proxy_ssl_crl proxy_ssl_name proxy_ssl_password_file proxy_ssl_trusted_certificate
size: proxy_buffer_size
[http server location stream stream-server mail mail-server]
many: set_real_ip_from
[http server stream stream-server]
flag: ssl_reject_handshake ssl_stapling ssl_stapling_verify
once 1: ssl_ocsp ssl_ocsp_cache ssl_ocsp_responder ssl_stapling_file ssl_stapling_responder
[http server stream stream-server mail mail-server]
count: ssl_verify_depth
flag: ssl_prefer_server_ciphers ssl_session_tickets
many: ssl_protocols ssl_session_cache
many 1: ssl_certificate ssl_certificate_key ssl_session_ticket_key
many 2: ssl_conf_command
once 1: ssl_ciphers ssl_client_certificate ssl_crl ssl_dhparam ssl_ecdh_curve ssl_password_file
    ssl_trusted_certificate ssl_verify_client
seconds: ssl_session_timeout
[http server mail mail-server]
many: ssl
[http upstream stream stream-upstream mail]
many: server
[http stream]
count: map_hash_bucket_size map_hash_max_size server_names_hash_bucket_size
    server_names_hash_max_size variables_hash_bucket_size variables_hash_max_size
many: geo geoip_city geoip_country geoip_org limit_conn_zone log_format map split_clients upstream
[server location]
count: referer_hash_bucket_size referer_hash_max_size
many: if location stub_status valid_referers
once: try_files
[server location server-if location-if]
many: break rewrite
[server location server-if location-if stream-server]
many: return set
[server stream-server mail mail-server]
many: server_name
[server stream-server mail-server]
many: listen
[location]
flag: random_index
many: empty_gif flv image_filter limit_except mp4 xslt_stylesheet
once: internal
once 1: alias
[location location-if]
once 1: fastcgi_pass grpc_pass memcached_pass scgi_pass uwsgi_pass
[location location-if limit_except stream-server]
once 1: proxy_pass
[location limit_except]
many: perl
[upstream]
many: ip_hash
once: keepalive
[upstream stream-upstream]
many: hash least_conn random zone
[stream stream-server]
count: proxy_requests proxy_responses
flag: proxy_half_close proxy_ssl ssl_preread
many: ssl_alpn
ms: preread_timeout proxy_protocol_timeout ssl_handshake_timeout
size: preread_buffer_size proxy_download_rate proxy_downstream_buffer proxy_upload_rate
    proxy_upstream_buffer
[stream stream-server mail mail-server]
flag: proxy_protocol
ms: proxy_timeout
[mail mail-server]
count: max_errors
flag: auth_http_pass_client_cert proxy proxy_pass_error_message proxy_smtp_auth xclient
many: auth_http auth_http_header imap_auth imap_capabilities pop3_auth pop3_capabilities smtp_auth
    smtp_capabilities starttls
ms: auth_http_timeout smtp_greeting_delay timeout
size: imap_client_buffer proxy_buffer smtp_client_buffer
[mail-server]
many: protocol
"""
# How many arguments the others take: the least, the most.
_COUNTS = """
0: break empty_gif flv mp4 internal ip_hash least_conn
0-1: stub_status
0-2: random
1: ssl_engine http2_idle_timeout http2_max_field_size http2_max_header_size http2_max_requests
    http2_recv_timeout ancient_browser_value fastcgi_split_path_info http2_push mirror
    modern_browser_value allow deny set_real_ip_from ssl
1-2: user keepalive_disable modern_browser proxy_cookie_domain proxy_cookie_path proxy_redirect
    disable_symlinks fastcgi_bind grpc_bind memcached_bind open_file_cache scgi_bind uwsgi_bind
    expires keepalive_timeout proxy_bind ssl_session_cache return keepalive hash zone
1-3: limit_req userid_flags dav_access fastcgi_store_access proxy_store_access scgi_store_access
    uwsgi_store_access
1-4: proxy_cookie_flags client_body_temp_path fastcgi_temp_path proxy_temp_path scgi_temp_path
    uwsgi_temp_path open_log_file_cache
1-: worker_cpu_affinity error_log addition_types ancient_browser charset_types dav_methods
    fastcgi_cache_bypass fastcgi_cache_methods fastcgi_cache_use_stale fastcgi_cache_valid
    fastcgi_ignore_headers fastcgi_next_upstream fastcgi_no_cache grpc_ignore_headers
    grpc_next_upstream grpc_ssl_protocols gzip_disable gzip_proxied gzip_types index
    memcached_next_upstream proxy_cache_bypass proxy_cache_methods proxy_cache_use_stale
    proxy_cache_valid proxy_ignore_headers proxy_no_cache scgi_cache_bypass scgi_cache_methods
    scgi_cache_use_stale scgi_cache_valid scgi_ignore_headers scgi_next_upstream scgi_no_cache
    ssi_types sub_filter_types uwsgi_cache_bypass uwsgi_cache_methods uwsgi_cache_use_stale
    uwsgi_cache_valid uwsgi_ignore_headers uwsgi_next_upstream uwsgi_no_cache
    uwsgi_ssl_protocols access_log resolver proxy_next_upstream proxy_ssl_protocols
    ssl_protocols valid_referers server_name listen
2: auth_request_set sub_filter limit_conn limit_conn_zone set
2-3: thread_pool fastcgi_param scgi_param uwsgi_param add_header add_trailer rewrite
2-: fastcgi_cache_path proxy_cache_path scgi_cache_path uwsgi_cache_path error_page log_format
    try_files
3: limit_req_zone
"""
_ARGUMENTS = dict.fromkeys(("flag", "count", "size", "ms", "seconds", "offset"), 1) | {"buffers": 2}


class Directive(Struct, frozen=True):
    """One directive. *contexts*: where it may stand. *notation*: how its argument is written.

    *least*, *most*: how many arguments it takes; None for any. *is_once*: a second one in the same
    level is refused.
    """

    contexts: frozenset[str]
    notation: str
    least: int
    most: int | None
    is_once: bool


@cache
def directives() -> dict[str, Directive]:
    """Every directive that we know, by name."""
    found: dict[str, Directive] = {}
    counts = _counts()
    contexts: frozenset[str] = frozenset()
    for line in _TABLE.strip().replace("\n    ", " ").split("\n"):
        if line.startswith("["):
            contexts = frozenset(line.strip("[]").split())
            continue
        kind, _, names = line.partition(":")
        notation, _, count = kind.partition(" ")
        arguments = int(count) if count else _ARGUMENTS.get(notation)
        for name in names.split():
            least, most = counts.get(name, (arguments or 0, arguments))
            found[name] = Directive(contexts, notation, least, most, notation != "many")
    return found


def _counts() -> dict[str, tuple[int, int | None]]:
    found: dict[str, tuple[int, int | None]] = {}
    for line in _COUNTS.strip().replace("\n    ", " ").split("\n"):
        said, _, names = line.partition(":")
        least, dash, most = said.partition("-")
        many = int(most) if most else None if dash else int(least)
        found |= dict.fromkeys(names.split(), (int(least), many))
    return found
