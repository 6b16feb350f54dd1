"""The readers of Python's libraries against the libraries: what random calls and settings make."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.setting import Setting, Status, Unset
from plimsoll.technologies import technology
from support import readings
from support.counts import drawn

pytestmark = pytest.mark.real

PYTHON = "/usr/bin/python3"


def asked(module: str, package: str, script: str, text: str) -> Any:
    """What *script* prints as JSON once *text* was run; "refused" where that fails."""
    probe = subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip(f"no {module} for {PYTHON} (Debian package {package})")
    code = f"import json\ntry:\n    exec({text!r})\n{script}\nexcept Exception:\n    print('\"refused\"')\n"
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def number(library: str, settings: list[Setting], name: str) -> float | bool | None:
    """What holds for *name*, by what is written, else by the library's default."""
    known = technology(library)
    assert known is not None
    held = [s for s in settings if s.name == name and s.status is Status.EFFECTIVE]
    found = held[-1] if held else known.schema.default(name, None)
    assert found is not None
    if isinstance(found.value, Amount):
        return None if found.value.low == UNLIMITED else float(found.value.low)
    assert isinstance(found.value, bool | Unset), found
    return found.value if isinstance(found.value, bool) else None


def arguments(choices: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[str]:
    given_ = st.fixed_dictionaries({}, optional=choices)
    return given_.map(lambda d: "".join(f", {name}={value}" for name, value in d.items()))


def written(low: int, high: int) -> st.SearchStrategy[str]:
    whole = st.integers(low, high)
    return st.one_of(
        whole.map(str),
        whole.map(lambda n: f"{n} * 1"),
        whole.map(lambda n: f"int('{n}')"),
        whole.map(lambda n: f"max({n}, 0)"),
        whole.map(lambda n: f"int(os.environ.get('NOT_SET_HERE', '{n}'))"),
    )


ENGINE = """
    pool = engine.pool
    print(json.dumps({"pool_size": pool.size(), "max_overflow": pool._max_overflow,
        "pool_timeout": pool._timeout, "pool_recycle": pool._recycle, "pool_pre_ping": pool._pre_ping}))
"""


@drawn(3, 50)
@given(
    arguments(
        {
            "pool_size": written(1, 50),
            "max_overflow": written(0, 50),
            "pool_timeout": written(0, 90),
            "pool_recycle": written(1, 9000),
            "pool_pre_ping": st.sampled_from(["True", "False", "not True"]),
        }
    )
)
def test_engines_of_sqlalchemy(given_: str) -> None:
    text = f"import os\nfrom sqlalchemy import create_engine\nengine = create_engine('postgresql://h/d'{given_})\n"
    theirs = asked("sqlalchemy, psycopg2", "python3-sqlalchemy", ENGINE, text)
    found = readings.of("sqlalchemy", {"a.py": text})
    for name, value in theirs.items():
        expected = None if value == -1 else value
        assert number("sqlalchemy", found, name) == expected, (name, text)


POOL = """
    print(json.dumps({"min_size": pool.min_size, "max_size": pool.max_size, "timeout": pool.timeout,
        "max_lifetime": pool.max_lifetime, "max_idle": pool.max_idle}))
"""


@drawn(3, 50)
@given(
    arguments(
        {
            "min_size": written(1, 4),
            "max_size": written(4, 60),
            "timeout": written(1, 90),
            "max_lifetime": written(1, 9000),
            "max_idle": written(1, 900),
        }
    )
)
def test_pools_of_psycopg(given_: str) -> None:
    text = f"import os\nfrom psycopg_pool import ConnectionPool\npool = ConnectionPool('host=h', open=False{given_})\n"
    theirs = asked("psycopg_pool", "python3-psycopg-pool", POOL, text)
    found = readings.of("psycopg-pool", {"a.py": text})
    for name, value in theirs.items():
        ours = number("psycopg-pool", found, name)
        is_default = name == "max_size" and ours is None
        assert (number("psycopg-pool", found, "min_size") if is_default else ours) == value, (
            name,
            text,
        )


CLIENT = """
    pool = client.connection_pool
    kwargs = pool.connection_kwargs
    print(json.dumps({"max_connections": pool.max_connections if pool.max_connections < 2**31 else None,
        "socket_timeout": kwargs.get("socket_timeout"),
        "socket_connect_timeout": kwargs.get("socket_connect_timeout"),
        "host": kwargs.get("host", "localhost"), "port": kwargs.get("port", 6379)}))
"""


@drawn(3, 50)
@given(
    arguments({"socket_timeout": written(1, 90), "max_connections": written(1, 90)}),
    st.sampled_from(
        [
            "redis.Redis('h', 6380{})",
            "redis.Redis(host='h', port=6380{})",
            "redis.Redis.from_url('redis://h:6380/1'{})",
            "redis.from_url('redis://h:6380'{})",
        ]
    ),
)
def test_clients_of_redis(given_: str, call: str) -> None:
    text = f"import os\nimport redis\nclient = {call.format(given_)}\n"
    theirs = asked("redis", "python3-redis", CLIENT, text)
    found = readings.of("redis-py", {"a.py": text})
    for name in ("max_connections", "socket_timeout"):
        held = [s for s in found if s.name == name]
        ours = held[-1].value if held else None
        assert (float(ours.low) if isinstance(ours, Amount) else None) == theirs[name], (name, text)
    known = technology("redis-py")
    assert known is not None
    assert known.reader is not None
    assert known.reader.endpoints is not None
    (end,) = known.reader.endpoints(found)
    assert (end.host, end.port) == (theirs["host"], theirs["port"])


CELERY = """
    names = ["worker_concurrency", "worker_prefetch_multiplier", "task_time_limit", "broker_pool_limit",
        "task_acks_late", "worker_max_tasks_per_child", "broker_connection_timeout"]
    found = {name: app.conf[name] for name in names}
    found["visibility_timeout"] = app.conf.broker_transport_options.get("visibility_timeout")
    print(json.dumps(found))
"""
SETTINGS = {
    "worker_concurrency": written(1, 90),
    "worker_prefetch_multiplier": written(1, 9),
    "task_time_limit": written(1, 900) | st.just("None"),
    "broker_pool_limit": written(1, 90) | st.just("None"),
    "task_acks_late": st.sampled_from(["True", "False"]),
    "worker_max_tasks_per_child": written(1, 900),
}
OLD = {
    "worker_concurrency": "CELERYD_CONCURRENCY",
    "worker_prefetch_multiplier": "CELERYD_PREFETCH_MULTIPLIER",
    "task_acks_late": "CELERY_ACKS_LATE",
    "broker_pool_limit": "BROKER_POOL_LIMIT",
    "task_time_limit": "CELERYD_TASK_TIME_LIMIT",
    "worker_max_tasks_per_child": "CELERYD_MAX_TASKS_PER_CHILD",
}


@st.composite
def applications(draw: st.DrawFn) -> str:
    given_ = draw(st.fixed_dictionaries({}, optional=SETTINGS))
    start = "import os\nfrom celery import Celery\napp = Celery('x', broker='redis://h')\n"
    how = draw(st.sampled_from(["update", "table", "attributes", "class", "old"]))
    if how == "update":
        return f"{start}app.conf.update({', '.join(f'{n}={v}' for n, v in given_.items())})\n"
    if how == "table":
        inner = "".join(f"'{n}': {v}, " for n, v in given_.items())
        more = "'broker_transport_options': {'visibility_timeout': 99}"
        return f"{start}app.conf.update({{{inner}{more}}})\n"
    if how == "attributes":
        return start + "".join(f"app.conf.{n} = {v}\n" for n, v in given_.items())
    names = OLD if how == "old" else {}
    body = "".join(f"    {names.get(n, n)} = {v}\n" for n, v in given_.items()) or "    pass\n"
    return f"{start}class Config:\n{body}app.config_from_object(Config)\n"


@drawn(3, 60)
@given(applications())
def test_applications_of_celery(text: str) -> None:
    theirs = asked("celery", "python3-celery", CELERY, text)
    assert theirs != "refused", text
    found = readings.of("celery", {"celery.py": text})
    for name, value in theirs.items():
        if name == "visibility_timeout":
            held = [s.text for s in found if s.name.endswith(name)]
            assert held == ([] if value is None else [str(value)])
        elif name != "worker_concurrency" or value is not None:
            assert number("celery", found, name) == value, (name, text)


WRONG = [
    "engine = create_engine('postgresql://h/d', pool_size=",
    "engine = create_engine('postgresql://h/d' pool_size=1)",
    "engine = create_engine('postgresql://h/d', pool_size=1, pool_size=2)",
    "engine = create_engine('postgresql://h/d')) ",
    "  engine = create_engine('postgresql://h/d')",
    "engine = create_engine('postgresql://h/d', 5 = 6)",
    "engine = create_engine(pool_size=1, 'postgresql://h/d')",
]


@drawn(3, 50)
@given(wrong=st.sampled_from(WRONG), lines=st.integers(0, 9))
def test_what_python_refuses_is_unread(wrong: str, lines: int) -> None:
    text = "x = 1\n" * lines + f"{wrong}\n"
    theirs = asked("json", "python3", "    print('true')", f"compile({text!r}, 'a', 'exec')")
    assert theirs == "refused", text
    (problem,) = readings.unread("sqlalchemy", text, "a.py")
    assert problem.place is not None
    assert problem.place.span.line == lines + 1
