"""Functions that settings are often written with: environ, environs, decouple, dj_database_url."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from plimsoll.syntax.python import Call, Callee, Computed, Entry, Listed, Reference, Result, Table
from plimsoll.syntax.python.functions import CORE, MISSING
from plimsoll.syntax.urls import Url, parsed

_TRUE = frozenset({"true", "on", "ok", "y", "yes", "1", "t"})
_FALSE = frozenset({"false", "off", "n", "no", "0", "f", ""})
_POSTGRESQL = "django.db.backends.postgresql"
_MYSQL = "django.db.backends.mysql"
_ENGINES = {
    "postgres": _POSTGRESQL,
    "postgresql": _POSTGRESQL,
    "pgsql": _POSTGRESQL,
    "psql": _POSTGRESQL,
    "postgis": "django.contrib.gis.db.backends.postgis",
    "timescale": "timescale.db.backends.postgresql",
    "mysql": _MYSQL,
    "mysql2": _MYSQL,
    "mysql-connector": "mysql.connector.django",
    "mysqlgis": "django.contrib.gis.db.backends.mysql",
    "sqlite": "django.db.backends.sqlite3",
    "oracle": "django.db.backends.oracle",
}
_REDIS = "django.core.cache.backends.redis.RedisCache"
_BACKENDS = {
    "redis": _REDIS,
    "rediss": _REDIS,
    "rediscache": _REDIS,
    "locmemcache": "django.core.cache.backends.locmem.LocMemCache",
    "locmem": "django.core.cache.backends.locmem.LocMemCache",
    "dummycache": "django.core.cache.backends.dummy.DummyCache",
    "dummy": "django.core.cache.backends.dummy.DummyCache",
    "dbcache": "django.core.cache.backends.db.DatabaseCache",
    "filecache": "django.core.cache.backends.filebased.FileBasedCache",
    "pymemcache": "django.core.cache.backends.memcached.PyMemcacheCache",
    "pymemcached": "django.core.cache.backends.memcached.PyMemcacheCache",
}


def _made(_: Call) -> Result:
    """`environ.Env(...)`: something to call for variables."""
    return Reference("Env()")


def _asked(call: Call, position: int = 1) -> Result:
    name = call.argument(0, "var")
    if not isinstance(name, str):
        return call.computed()
    return call.context.variable(name, call.argument(position, "default"), call.node)


def _text(call: Call) -> Result:
    """`env("X", default=...)`, perhaps with `cast=int`."""
    value = _asked(call, 2 if "cast" in call.keywords else 1)
    cast = call.keywords.get("cast", Reference("str"))
    if not isinstance(value, str) or not isinstance(cast, Reference):
        return value
    return _CASTS.get(cast.dotted, _unread)(value, call)


def _unread(_: str, call: Call) -> Result:
    return call.computed()


def _same(text: str, _: Call) -> Result:
    return text


def _whole(text: str, _: Call) -> Result:
    try:
        return int(text[:20])
    except ValueError:
        return Computed(f"int({text!r}) fails", raises=True)


def _number(text: str, call: Call) -> Result:
    try:
        return Fraction(text[:40].strip())
    except (ValueError, ZeroDivisionError):
        return call.computed()


def _truth(text: str, call: Call) -> Result:
    word = text.strip().lower()
    return word in _TRUE if word in _TRUE or word in _FALSE else call.computed()


def _many(text: str, _: Call) -> Result:
    return Listed(tuple(Entry(str(n), each) for n, each in enumerate(text.split(",")) if each))


_CASTS = {"str": _same, "int": _whole, "float": _number, "bool": _truth, "list": _many}


def _cast(name: str) -> Callee:
    def read(call: Call) -> Result:
        value = _asked(call)
        return _CASTS[name](value, call) if isinstance(value, str) else value

    return read


def _database(call: Call) -> Result:
    """`dj_database_url.config(...)`, `env.db(...)`: the database of a URL in a variable."""
    name = call.argument(0, "env" if "env" in call.keywords else "var", "DATABASE_URL")
    default = call.argument(1, "default", MISSING)
    if not isinstance(name, str):
        return call.computed()
    url = call.context.variable(name, default, call.node)
    return _database_of(url, call)


def _parsed_database(call: Call) -> Result:
    return _database_of(call.argument(0, "url"), call)


def _database_of(url: Result, call: Call) -> Result:
    found = parsed(url) if isinstance(url, str) else None
    if found is None or found.scheme not in _ENGINES:
        return url if isinstance(url, Computed) else call.computed()
    given = {
        "ENGINE": _ENGINES[found.scheme],
        "NAME": found.path.lstrip("/"),
        "USER": found.user,
        "PASSWORD": found.password,
        "HOST": found.host,
        "PORT": "" if found.port is None else str(found.port),
        **_options(found),
    }
    entries: dict[str, Result] = dict(given)
    for keyword, name in _KEYWORDS.items():
        if keyword in call.keywords:
            entries[name] = call.keywords[keyword]
    return Table(tuple(Entry(name, value) for name, value in entries.items()))


_KEYWORDS = {"conn_max_age": "CONN_MAX_AGE", "conn_health_checks": "CONN_HEALTH_CHECKS"}
_OWN_OPTIONS = frozenset({"CONN_MAX_AGE", "CONN_HEALTH_CHECKS", "ATOMIC_REQUESTS"})


def _options(url: Url) -> dict[str, Result]:
    """The query of a URL: Django's own names in capitals, the driver's under OPTIONS."""
    own = {n.upper(): v for n, v in url.query if n.upper() in _OWN_OPTIONS}
    rest = tuple(Entry(n, v) for n, v in url.query if n.upper() not in _OWN_OPTIONS)
    return {**own, **({"OPTIONS": Table(rest)} if rest else {})}


def _cache(call: Call) -> Result:
    """`env.cache(...)`: the cache of a URL in a variable."""
    name = call.argument(0, "var", "CACHE_URL")
    if not isinstance(name, str):
        return call.computed()
    url = call.context.variable(name, call.argument(1, "default"), call.node)
    found = parsed(url) if isinstance(url, str) else None
    if found is None or not isinstance(url, str) or found.scheme not in _BACKENDS:
        return url if isinstance(url, Computed) else call.computed()
    backend = call.keywords.get("backend", _BACKENDS[found.scheme])
    location = url.replace("rediscache://", "redis://")
    if not found.scheme.startswith("redis"):
        location = found.host + found.path
    return Table((Entry("BACKEND", backend), Entry("LOCATION", location)))


_READERS: Mapping[str, Callee] = {
    "": _text,
    ".str": _cast("str"),
    ".int": _cast("int"),
    ".float": _cast("float"),
    ".bool": _cast("bool"),
    ".list": _cast("list"),
    ".url": _cast("str"),
    ".db": _database,
    ".db_url": _database,
    ".dj_db_url": _database,
    ".cache": _cache,
    ".cache_url": _cache,
    ".dj_cache_url": _cache,
}

FUNCTIONS: Mapping[str, Callee] = {
    **CORE,
    "environ.Env": _made,
    "environ.FileAwareEnv": _made,
    "environs.Env": _made,
    "decouple.AutoConfig": _made,
    "decouple.config": _text,
    "dj_database_url.config": _database,
    "dj_database_url.parse": _parsed_database,
    **{f"Env(){name}": callee for name, callee in _READERS.items()},
}
