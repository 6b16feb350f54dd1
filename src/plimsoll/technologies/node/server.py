"""What a JavaScript file says of the server that it makes, and of the clients of Node itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Item, Origin, Setting, Unknown, Unread
from plimsoll.syntax.javascript import (
    Assignment,
    Call,
    Entry,
    Function,
    Symbol,
    Table,
    Wanted,
    leaves,
    read_module,
    setting,
)

Found = Iterator[tuple[Place | None, Item]]

# Members of a server that nothing else has.
_OWN = frozenset(
    {
        "keepAliveTimeout",
        "keepAliveTimeoutBuffer",
        "headersTimeout",
        "requestTimeout",
        "maxRequestsPerSocket",
        "maxHeadersCount",
    }
)
# Members that other things have too: of these only the ones of a server count.
_SHARED = frozenset({"timeout", "maxConnections"})
_OF_AGENT = frozenset({"maxSockets", "maxTotalSockets", "maxFreeSockets", "keepAlive"})
_OF_ENVIRONMENT = "UV_THREADPOOL_SIZE"
_SERVERS = ("server", "httpserver", "httpsserver", "app", "srv")
_STORES = frozenset({"MemcachedStore", "RedisStore", "ConnectRedis", "ConnectMemcached"})
_PARSERS = frozenset({"json", "urlencoded", "raw", "text"})
WANTED = Wanted(
    calls=frozenset({"createServer", "createSecureServer", "listen", "fork", "setTimeout", "Agent"})
    | {"set", "fastify"} | _STORES | _PARSERS,
    modules=frozenset({"fastify", "agentkeepalive"}),
    members=_OWN | _SHARED | _OF_AGENT | {_OF_ENVIRONMENT},
)  # fmt: skip
# What Fastify sets on the server that it makes. Source: Fastify 5, Server: factory options.
_OF_FASTIFY = {"keepAliveTimeout": "72000", "requestTimeout": "0", "bodyLimit": "1048576"}


def server(text: str, path: str, environment: Mapping[str, Word] | None) -> Found:
    """The settings of a file, each with the place where it is written."""
    for each in read_module(text, path, WANTED, environment):
        if isinstance(each, Unread):
            yield each.place, each
        elif isinstance(each, Assignment):
            yield from _assigned(each, text)
        else:
            last = each.written
            reader = _READERS.get(last) or _READERS.get(each.callee)
            if reader is not None:
                yield from reader(each, text)


# -- assignments


def _assigned(each: Assignment, text: str) -> Found:
    name, owner = each.entry.key, each.owner
    place = each.entry.place
    if owner.endswith("globalAgent") and name in _OF_AGENT:
        name = f"globalAgent.{name}"
    elif owner == "process.env" or name == _OF_ENVIRONMENT:
        if owner != "process.env":
            return
    elif name in _OF_AGENT or (name in _SHARED and not _is_server(owner, each.written)):
        return
    scope = (Block("server", each.written),) if name in _OWN | _SHARED else ()
    yield place, setting(name, each.entry, text, scope=scope, reach=each.reach)


def _is_server(owner: str, written: str = "") -> bool:
    """Whether something is a server, by where it comes from, else by its name."""
    if owner.endswith((".createServer()", ".createSecureServer()", ".listen()")):
        return not owner.startswith(("net.", "tls."))
    last = (written or owner).rpartition(".")[2].lower()
    return last in _SERVERS


# -- calls


def _created(call: Call, text: str) -> Found:
    """`http.createServer({keepAliveTimeout: 1}, handler)`."""
    if call.callee.startswith(("net.", "tls.")):
        return
    options = call.argument(0)
    yield from _options(call, options, text, (Block("server", call.name),))


def _options(
    call: Call, options: Entry | None, text: str, scope: tuple[Block, ...], prefix: str = ""
) -> Found:
    if options is None or not isinstance(options.value, Table):
        return
    for name, leaf in leaves("", options):
        if name and not isinstance(leaf.value, Function):
            yield (
                leaf.place,
                setting(
                    f"{prefix}{name}",
                    leaf,
                    text,
                    scope=scope,
                    place=options.place,
                    reach=call.reach,
                ),
            )


def _fastify(call: Call, text: str) -> Found:
    """`fastify({keepAliveTimeout: 1})`: what it does not say Fastify sets."""
    if call.callee not in ("fastify", "fastify.fastify", "fastify.default"):
        return
    scope = (Block("server", call.name),)
    for name, said in _OF_FASTIFY.items():
        yield (
            call.place,
            Setting(
                name=name,
                text=said,
                place=None,
                scope=scope,
                origin=Origin.DERIVED,
                reason=f"Fastify's own default: {call.place}",
            ),
        )
    yield from _options(call, call.argument(0), text, scope)


def _listening(call: Call, text: str) -> Found:
    """`server.listen(port, host, backlog)`, `.listen({port})`, `.listen(path)`."""
    first = call.argument(0)
    owner = call.callee.removesuffix(".listen")
    if first is None or isinstance(first.value, Function) or owner.startswith(("net.", "tls.")):
        return
    scope = (Block("listen", "", call.place),)
    if isinstance(first.value, Table):
        yield from _options(call, first, text, scope, "listen.")
        return
    is_path = isinstance(first.value, str) and "/" in first.value
    names = ("listen.path" if is_path else "listen.port", "listen.host", "listen.backlog")
    at = 0
    for each in call.arguments:
        if isinstance(each.value, Function):
            return
        name = names[at] if at < len(names) else ""
        if name == "listen.host" and isinstance(each.value, int):
            name, at = "listen.backlog", at + 1
        at += 1
        if name:
            yield each.place, setting(name, each, text, scope=scope, reach=call.reach)


def _timeout(call: Call, text: str) -> Found:
    """`server.setTimeout(1000)`."""
    owner, dot, _ = call.callee.rpartition(".")
    first = call.argument(0)
    if dot and first is not None and _is_server(owner):
        scope = (Block("server", owner.rpartition(".")[2]),)
        yield first.place, setting("timeout", first, text, scope=scope, reach=call.reach)


def _forked(call: Call, text: str) -> Found:
    """`for (let i = 0; i < os.cpus().length; i++) cluster.fork()`."""
    if not call.callee.endswith("cluster.fork"):
        return
    loop = call.loop
    if loop is not None and isinstance(loop.value, int | Symbol):
        yield call.place, setting("cluster.fork", loop, text, reach=call.reach)
        return
    reason = "the code decides how often it forks"
    yield call.place, Setting("cluster.fork", "", call.place, value=Unknown(reason))


def _agent(call: Call, text: str) -> Found:
    """`new http.Agent({keepAlive: true, maxSockets: 50})`."""
    if call.callee not in (
        "http.Agent",
        "https.Agent",
        "agentkeepalive",
        "agentkeepalive.HttpsAgent",
    ):
        return
    block = Block("agent", call.name, call.place)
    yield call.place, Setting("Agent", call.callee, call.place, (block,))
    yield from _options(call, call.argument(0), text, (block,))


def _parser(call: Call, text: str) -> Found:
    """`express.json({limit: "10mb"})`."""
    module, _, name = call.callee.rpartition(".")
    options = call.argument(0)
    limit = options.value.get("limit") if options and isinstance(options.value, Table) else None
    if limit is not None and module in ("express", "body-parser"):
        yield limit.place, setting(f"{name}.limit", limit, text, reach=call.reach)


def _application(call: Call, text: str) -> Found:
    """`app.set("trust proxy", 1)`."""
    name, value = call.argument(0), call.argument(1)
    if call.callee == "express().set" and name and value and isinstance(name.value, str):
        yield value.place, setting(name.value, value, text, reach=call.reach)


def _store(call: Call, text: str) -> Found:
    """`new MemcachedStore({hosts: [...], ttl: 86400})`: where sessions are kept."""
    block = Block("session_store", call.written, call.place)
    yield call.place, Setting("store", call.written, call.place, (block,))
    yield from _options(call, call.argument(0), text, (block,))


_READERS: Mapping[str, Callable[[Call, str], Found]] = {
    "createServer": _created,
    "createSecureServer": _created,
    "fastify": _fastify,
    "listen": _listening,
    "setTimeout": _timeout,
    "fork": _forked,
    "Agent": _agent,
    "agentkeepalive": _agent,
    "set": _application,
    **dict.fromkeys(_PARSERS, _parser),
    **dict.fromkeys(_STORES, _store),
}
