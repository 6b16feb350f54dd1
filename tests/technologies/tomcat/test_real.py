"""Our reading of server.xml against Tomcat's own parser: what it sets, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from plimsoll.model.quantity import SECONDS, UNLIMITED, Amount
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.model.version import Version
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.tomcat.reader import READER
from support.counts import drawn
from support.tomcat import ASKED, asked

pytestmark = pytest.mark.real


def ours(text: str) -> list[dict[str, Setting]] | None:
    """The settings that hold of each connector; None where the file is refused."""
    assert READER.arguments is not None
    found = list(READER.read(text, "server.xml"))
    if any(isinstance(item, Unread) for item in found):
        return None
    given = [i for i in READER.arguments((), {}) if isinstance(i, Setting)]
    known = technology("tomcat")
    assert known is not None
    held = settled(READER, known.schema, [*(i for i in found if isinstance(i, Setting)), *given])
    made: dict[object, dict[str, Setting]] = {}
    for each in held:
        if each.scope[-1].kind in ("Connector", "AjpConnector"):
            own = made.setdefault(each.scope[-1], {})
            if each.status is Status.EFFECTIVE:
                own[each.name] = each
    return list(made.values())


def same(setting: Setting, said: str) -> bool:
    value = setting.value
    if isinstance(value, bool):
        return said == str(value).lower()
    if not isinstance(value, Amount):
        return said == setting.text
    if value.low == UNLIMITED:
        return int(said) <= 0
    return int(said) == value.low * (1000 if value.unit == SECONDS else 1)


NUMBER = st.integers(1, 100_000).map(str) | st.sampled_from(["-1", "+5", "007"])
NO_NUMBER = st.sampled_from(["", "x", "1.5", "10s", "8k", " 5", "0x10", "99999999999", "1 000"])
NAMES = st.sampled_from([n for n in ASKED if n not in ("port", "enableLookups")])
ATTRIBUTES = st.dictionaries(NAMES, NUMBER | NO_NUMBER, max_size=4)
BOOLEAN = st.sampled_from(["true", "TRUE", "false", "yes", "1", ""])
CONNECTOR = st.builds(
    lambda attributes, lookups, port: "<Connector port='{}' enableLookups='{}' {}/>".format(
        port, lookups, " ".join(f'{n}="{v}"' for n, v in attributes.items())
    ),
    ATTRIBUTES, BOOLEAN, st.integers(1024, 65535),
)  # fmt: skip
SERVER = st.lists(CONNECTOR, min_size=1, max_size=3).map(
    lambda each: (
        f"<Server port='-1'>\n<Service name='C'>\n{chr(10).join(each)}\n</Service></Server>"
    )
)
BREAKS = st.sampled_from(
    [("/>", ">"), ("'C'", "C"), ("<Service", "<Servic"), ("</Service>", ""), ("port", "port='1' port"),
     ("<Service", "&x;<Service"), ("'C'", "'&'"), ("</Server>", "</Server><a/>"), ("\n", "<!-- -- -->\n"),
     ("'C'", "'<'"), ("</Server>", "]]></Server>"), ("<Connector ", "<Connector =")]
)  # fmt: skip


BARE = "<Server port='-1'><Service name='C'><Connector port='1'/></Service></Server>"
DEFAULTS = (
    *("maxThreads", "minSpareThreads", "maxConnections", "acceptCount", "maxPostSize"),
    *(
        "maxSwallowSize",
        "maxHttpHeaderSize",
        "maxParameterCount",
        "asyncTimeout",
        "connectionTimeout",
    ),
)


BROKEN = st.tuples(SERVER, BREAKS).map(lambda each: each[0].replace(*each[1], 1))


@settings(drawn(1, 4), phases=[Phase.generate])  # each example starts a Java for many files
@given(st.lists(SERVER, min_size=20, max_size=20), st.lists(BROKEN, min_size=20, max_size=20))
def test_tomcat_sets_and_refuses_the_same(
    tmp_path_factory: pytest.TempPathFactory, good: list[str], broken: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("tomcat")
    texts = [BARE, *good, *broken]
    for text, theirs in zip(texts, asked(folder, texts), strict=True):
        mine = ours(text)
        assert (mine is None) == (theirs is None), text
        for own, said in zip(mine or [], theirs or [], strict=True):
            for name, setting in own.items():
                is_same = name not in said or same(setting, said[name])
                assert is_same or _is_capped(name, said), (setting, said, text)
            for name in DEFAULTS:
                is_same = name in own or same(_default(name), said[name])
                assert is_same or _is_capped(name, said), (name, said, text)


def _is_capped(name: str, said: dict[str, str]) -> bool:
    """Whether Tomcat says the number of all threads for more spare ones."""
    return name == "minSpareThreads" and said[name] == said["maxThreads"]


def _default(name: str) -> Setting:
    known = technology("tomcat")
    found = known.schema.default(name, Version("10.1")) if known else None
    assert found is not None
    return found
