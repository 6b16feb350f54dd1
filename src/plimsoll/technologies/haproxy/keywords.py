"""Names of HAProxy: sections, keywords of two words, lists, parameters of `bind` and `server`.

Source: HAProxy manual 2.6 and 3.2, chapters 3 to 5; `haproxy -dKcfg` of 2.6.12. Modules and later
versions add names, so a name that is not here says nothing.
"""

from __future__ import annotations

from functools import cache

GLOBAL = "global"
DEFAULTS = "defaults"
PROXIES = frozenset({"frontend", "backend", "listen"})

# The section and the type of part that it is; `global` is the service itself.
SECTIONS = {
    "defaults": "proxy-defaults",
    "frontend": "proxy",
    "backend": "proxy",
    "listen": "proxy",
    "peers": "peers",
    "resolvers": "resolvers",
    "mailers": "mailers",
    "userlist": "userlist",
    "cache": "cache",
    "ring": "ring",
    "program": "program",
    "http-errors": "http-errors",
    "log-forward": "log-forward",
    "log-profile": "log-profile",
    "fcgi-app": "fcgi-app",
    "crt-store": "crt-store",
    "traces": "traces",
    "acme": "acme",
    "healthcheck": "healthcheck",
}

# The first word of keywords whose name has two.
PAIRS = frozenset(
    {
        "timeout", "option", "stats", "hold", "stick", "capture", "compression", "declare",
        "email-alert", "external-check", "http-check", "tcp-check", "monitor", "persist",
        "rate-limit",
    }
)  # fmt: skip

# What 2.6.12 refuses in a section although it knows the name.
NOT_IN = {
    "defaults": frozenset(
        {
            "bind", "capture cookie", "dispatch", "id", "redirect", "server", "server-template",
            "stats admin", "stick-table", "use-server", "use_backend",
        }
    ),
    "frontend": frozenset({"default-server", "server", "server-template"}),
}  # fmt: skip

# Every line of these holds; of every other name the last one does.
LISTS = frozenset(
    {
        "acl", "bind", "server", "server-template", "default-server", "capture request",
        "capture response", "capture cookie", "compression algo", "compression type", "cpu-map",
        "cpu-set", "thread-hard-limit", "declare capture", "email-alert", "errorfile", "errorfiles",
        "errorloc", "errorloc302", "errorloc303", "filter", "force-persist", "group", "guid-prefix",
        "h1-case-adjust", "http-after-response", "http-check comment", "http-check connect",
        "http-check expect", "http-check send", "http-check set-var", "http-check unset-var",
        "http-error", "http-request", "http-response", "ignore-persist", "log", "lua-load",
        "lua-load-per-thread", "lua-prepend-path", "mailer", "monitor fail", "nameserver", "peer",
        "presetenv", "quic-initial", "redirect", "reqadd", "reqallow", "reqdel", "reqdeny",
        "reqirep", "reqrep", "resetenv", "rspadd", "rspdel", "rspirep", "rsprep", "set-var",
        "set-var-fmt", "setenv", "stats admin", "stats auth", "stats http-request", "stats scope",
        "stats socket", "stick match", "stick on", "stick store-request", "stick store-response",
        "table", "tcp-check comment", "tcp-check connect", "tcp-check expect", "tcp-check send",
        "tcp-check send-binary", "tcp-check send-binary-lf", "tcp-check send-lf",
        "tcp-check set-var", "tcp-check unset-var", "tcp-request", "tcp-response", "unsetenv",
        "use-server", "use_backend", "user", "51degrees-property-name-list", "load", "trace",
        "set-on-start",
    }
)  # fmt: skip

# Of these the first line in `global` counts: 2.6.12 says "already specified. Continuing.".
FIRST_WINS = frozenset(
    {
        "ca-base", "crt-base", "maxconn", "ulimit-n", "fd-hard-limit", "maxpipes", "maxsessrate",
        "maxconnrate", "maxsslrate", "uid", "user", "gid", "group", "chroot", "pidfile",
        "server-state-file", "spread-checks", "tune.maxaccept", "tune.maxpollevents",
        "tune.rcvbuf.client", "tune.rcvbuf.server", "tune.sndbuf.client", "tune.sndbuf.server",
        "tune.runqueue-depth", "cluster-secret", "tune.ssl.capture-buffer-size",
        "tune.ssl.capture-cipherlist-size",
    }
)  # fmt: skip

# Of 1.x; refused since 2.1. What they said is what the new name says.
REPLACED = {
    "clitimeout": "timeout client",
    "srvtimeout": "timeout server",
    "contimeout": "timeout connect",
    "redispatch": "option redispatch",
    "redisp": "option redispatch",
}

_TIMEOUTS = """
check client client-fin client-hs connect http-keep-alive http-request queue server server-fin
tarpit tunnel resolve retry mail
"""

_OPTIONS = """
abortonclose accept-invalid-http-request accept-invalid-http-response
accept-unsafe-violations-in-http-request accept-unsafe-violations-in-http-response allbackups
checkcache clitcpka contstats disable-h2-upgrade dontlog-normal dontlognull external-check forceclose
forwardfor forwarded h1-case-adjust-bogus-client h1-case-adjust-bogus-server http-buffer-request
http-drop-request-trailers http-drop-response-trailers http-ignore-probes http-keep-alive
http-no-delay http-pretend-keepalive http-proxy http-restrict-req-hdr-names http-server-close
http-tunnel http-use-htx http-use-proxy-header httpchk httpclose httplog httpslog http_proxy
idle-close-on-response independant-streams independent-streams ldap-check log-health-checks
log-separate-errors logasap mysql-check nolinger originalto persist pgsql-check prefer-last-server
redis-check redispatch smtpchk socket-stats splice-auto splice-request splice-response spop-check
srvtcpka ssl-hello-chk tcp-check tcp-smart-accept tcp-smart-connect tcpka tcplog transparent
use-small-buffers
"""

_GLOBAL = """
busy-polling ca-base chroot close-spread-time cluster-secret cpu-map cpu-policy cpu-set crt-base
daemon default-path description dns-accept-family expose-deprecated-directives
expose-experimental-directives external-check fd-hard-limit force-cfg-parser-pause gid grace group
guid-prefix h1-accept-payload-with-any-method h1-case-adjust h1-case-adjust-file
h1-do-not-close-on-insecure-transfer-encoding h2-workaround-bogus-websocket-clients hard-stop-after
harden.reject-privileged-ports.tcp harden.reject-privileged-ports.quic insecure-fork-wanted
insecure-setuid-wanted issuers-chain-path key-base limited-quic localpeer log log-send-hostname
log-tag lua-load lua-load-per-thread lua-prepend-path max-spread-checks maxcompcpuusage maxcomprate
maxconn maxconnrate maxpipes maxsessrate maxsslconn maxsslrate maxzlibmem mworker-max-reloads nbproc
nbthread no-memory-trimming no-quic node noepoll noevports nogetaddrinfo nokqueue noktls nopoll
noreuseport nosplice numa-cpu-mapping ocsp-update.disable ocsp-update.maxdelay ocsp-update.mindelay
pidfile pp2-never-send-local prealloc-fd presetenv profiling.memory profiling.tasks
profiling.tasks.automatic quiet resetenv server-state-base server-state-file set-dumpable set-var
set-var-fmt setcap setenv shm-stats-file spread-checks ssl-default-bind-ciphers
ssl-default-bind-ciphersuites ssl-default-bind-client-sigalgs ssl-default-bind-curves
ssl-default-bind-options ssl-default-bind-sigalgs ssl-default-server-ciphers
ssl-default-server-ciphersuites ssl-default-server-client-sigalgs ssl-default-server-curves
ssl-default-server-options ssl-default-server-sigalgs ssl-dh-param-file ssl-engine
ssl-load-extra-del-ext ssl-load-extra-files ssl-mode-async ssl-passphrase-cmd ssl-propquery
ssl-provider ssl-provider-path ssl-security-level ssl-server-verify ssl-skip-self-issued-ca stats
stats-file strict-limits thread-group thread-groups thread-hard-limit uid ulimit-n unix-bind
unsetenv user warn-blocked-traffic-after wurfl-cache-size wurfl-data-file wurfl-engine-mode
wurfl-information-list wurfl-information-list-separator wurfl-patch-file wurfl-useragent-priority
zero-warning
"""
_PROXY = """
acl appsession backlog balance bind bind-process block capture clitcpka-cnt clitcpka-idle
clitcpka-intvl clitimeout compression contimeout cookie crt declare default-server default_backend
description disabled dispatch email-alert enabled error-log-format errorfile errorfiles errorloc
errorloc302 errorloc303 external-check filter force-be-switch force-persist fullconn grace
guid hash-balance-factor hash-key hash-preserve-affinity hash-type http-after-response http-check
http-error http-request http-response http-reuse http-send-name-header id ignore-persist
load-server-state-from-file log log-format log-format-sd log-steps log-tag max-keep-alive-queue
max-session-srv-conns maxconn mode monitor monitor-net monitor-uri option persist quic-initial
rate-limit redirect redisp redispatch reqadd reqallow reqdel reqdeny reqiallow reqidel reqideny
reqipass reqirep reqisetbe reqitarpit reqpass reqrep reqsetbe reqtarpit retries retry-on rspadd
rspdel rspdeny rspidel rspideny rspirep rsprep server server-state-file-name server-template source
srvtcpka-cnt srvtcpka-idle srvtcpka-intvl srvtimeout stats stick stick-table tcp-check tcp-request
tcp-response timeout transparent unique-id-format unique-id-header use-fcgi-app use-server
use_backend
"""

# Parameters that stand alone; behind every other one stands its value.
_FLAGS = """
accept-netscaler-proxy accept-proxy agent-check allow-0rtt backup check check-send-proxy check-ssl
check-via-socks4 defer-accept disabled enabled force-sslv3 force-tlsv10 force-tlsv11 force-tlsv12
force-tlsv13 generate-certificates no-agent-check no-backup no-ca-names no-check
no-check-send-proxy no-check-ssl no-renegotiate no-send-proxy no-send-proxy-v2
no-send-proxy-v2-ssl no-send-proxy-v2-ssl-cn no-ssl no-ssl-reuse no-sslv3 no-stick no-strict-sni
no-tfo no-tls-tickets no-tlsv10 no-tlsv11 no-tlsv12 no-tlsv13 no-verifyhost non-stick
prefer-client-ciphers quic-force-retry renegotiate send-proxy send-proxy-v2 send-proxy-v2-ssl
send-proxy-v2-ssl-cn ssl ssl-reuse stick strict-maxconn strict-sni tfo tls-tickets transparent
v4v6 v6only ktls
"""
_VALUED = """
accept-netscaler-cip addr agent-addr agent-inter agent-port agent-send alpn backlog ca-file
ca-ignore-err ca-sign-file ca-sign-pass ca-verify-file cc check-alpn check-pool-conn-name
check-proto check-reuse-pool check-sni ciphers ciphersuites client-sigalgs cookie crl-file crt
crt-ignore-err crt-list curves default-crt downinter ecdhe error-limit expose-fd fall fastinter gid
group guid guid-prefix hash-key id idle-ping init-addr init-state inter interface level log-bufsize
log-proto mailer max-reuse maxconn maxqueue minconn mode mss name namespace nbconn nice npn observe
on-error on-marked-down on-marked-up ocsp-update pool-conn-name pool-low-conn pool-max-conn
pool-purge-delay port process proto proxy-v2-options quic-cc-algo quic-socket redir renegotiate
resolve-net resolve-opts resolve-prefer resolvers rise set-proxy-v2-tlv-fmt severity-output shard
shards sigalgs sink slowstart sni socks4 source ssl-max-ver ssl-min-ver tcp-md5sig tcp-ss tcp-ut
thread tls-ticket-keys track uid user usesrc verify verifyhost weight ws
"""


@cache
def flags() -> frozenset[str]:
    """Parameters of `bind` and `server` that stand alone."""
    return frozenset(_FLAGS.split())


@cache
def parameters() -> frozenset[str]:
    """Every parameter of `bind` and `server` that we know."""
    return flags() | frozenset(_VALUED.split())


@cache
def known(section: str) -> frozenset[str]:
    """The keywords of a section, for what may have been meant; none where we do not know them."""
    if section == GLOBAL:
        return frozenset(_GLOBAL.split())
    if section == DEFAULTS or section in PROXIES:
        return frozenset(_PROXY.split())
    return frozenset()


@cache
def pairs(first: str) -> frozenset[str]:
    """The names of two words that begin with that one; none where we do not know them."""
    second = {"timeout": _TIMEOUTS, "option": _OPTIONS}.get(first, "")
    return frozenset(f"{first} {each}" for each in second.split())
