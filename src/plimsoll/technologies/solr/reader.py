"""Reads what Solr's start script asks of its environment, solr.xml and solrconfig.xml.

Source: Solr's reference guide, taking Solr to production, configuring solr.xml; bin/solr.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.reader import Endpoint, Reader, Rejected, Word, last_wins
from plimsoll.model.schema import Entry
from plimsoll.model.setting import Block, Item, Origin, Setting, Status, Unknown, Value
from plimsoll.syntax import shell
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.property_sources import filled
from plimsoll.syntax.text import Lines
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.syntax.xml_nodes import Element, XmlDocument, document

_DIALECT = Dialect(
    sizes={"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40},
    times={"": 1},
    true=("true",),
    false=("false",),
    folds_case=True,
)
_VARIABLES = (
    *("SOLR_HEAP", "SOLR_JAVA_MEM", "SOLR_OPTS", "GC_TUNE", "SOLR_JAVA_STACK_SIZE", "SOLR_PORT"),
    *("SOLR_HOST", "SOLR_JETTY_HOST", "SOLR_HOME", "SOLR_ULIMIT_CHECKS", "ZK_HOST"),
    *("ZK_CLIENT_TIMEOUT", "SOLR_WAIT_FOR_ZK", "SOLR_STOP_WAIT", "SOLR_REQUESTLOG_ENABLED"),
)
_OPTIONS = {"-m": "SOLR_HEAP", "-p": "SOLR_PORT", "-z": "ZK_HOST", "-a": "SOLR_OPTS"}


def read(text: str, path: str) -> Iterator[Item]:
    """The variables of a sourced script, or the values of an XML file, in file order."""
    if path.endswith(".xml"):
        found = document(text, path)
        if found.root is not None:
            yield from _below(found, found.root, ())
        if found.fault is not None:
            yield found.fault
        return
    for name, words in shell.left_in(
        text, Lines(text, path).place, _VARIABLES, quoted=True
    ).items():
        yield _setting(name, words[0], Origin.FILE)


def _below(found: XmlDocument, element: Element, above: tuple[Block, ...]) -> Iterator[Item]:
    """Attributes, and the text of an element that holds nothing else."""
    named = element.attribute("name")
    name = named.text if named else element.local
    scope = (*above, Block(element.local, named.text if named else "", found.place(element)))
    for each in element.attributes:
        if each is not named and each.name != "class":
            yield Setting(f"{name}.{each.name}", each.text, found.place_of(each), above)
    text = element.text.strip()
    if text and not element.children:
        start, end = element.text_span
        place = found.lines.place(element.start, element.end, (start, end))
        told = filled(text, lambda _: None)
        unknown = None if told.is_known else Unknown(f"nobody gives {', '.join(told.missing)}")
        unless = f"unless Java is given {', '.join(told.missing)}" if told.missing else ""
        yield Setting(
            name, told.text if told.is_known else text, place, above, value=unknown, reason=unless
        )
    for child in element.children:  # as deep as XML may be
        yield from _below(found, child, scope)


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The variables that bin/solr reads, and its options, which go before them."""
    for name in _VARIABLES:
        if name in environment:
            yield _setting(name, environment[name], Origin.ENVIRONMENT)
    line = shell.again(shell.unwrapped(words, environment), environment)
    for at, word in enumerate(line[:-1]):
        name = _OPTIONS.get(word.text, "")
        if name:
            yield _setting(name, line[at + 1], Origin.COMMAND_LINE)


def _setting(name: str, word: Word, origin: Origin) -> Setting:
    made = Setting(name, word.text, word.place, origin=origin)
    why = str(word.value) if isinstance(word, Uncertain) else ""
    return replace(made, value=Unknown(why)) if why else made


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The last wins; SOLR_JAVA_MEM is not read where SOLR_HEAP says the heap."""
    won = last_wins(settings)
    heap = next((e for e in won if e.name == "SOLR_HEAP" and _holds(e)), None)
    return [_beside(each, heap) for each in won]


def _holds(each: Setting) -> bool:
    return each.status is Status.EFFECTIVE and bool(each.text.strip())


def _beside(each: Setting, heap: Setting | None) -> Setting:
    if heap is None or each.name != "SOLR_JAVA_MEM" or each.status is not Status.EFFECTIVE:
        return each
    reason = "bin/solr reads SOLR_JAVA_MEM only where SOLR_HEAP is empty"
    return replace(each, status=Status.SHADOWED, reason=reason, winner=heap)


def value(text: str, entry: Entry) -> Value | Rejected:
    return _DIALECT.value(text.strip(), entry)


_PORT = Setting("SOLR_PORT", "8983", origin=Origin.DEFAULT)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The port of its HTTP interface, and its ZooKeepers."""
    held = {e.name: e for e in settings if e.status is Status.EFFECTIVE}
    port = held.get("SOLR_PORT", _PORT)
    if port.text.isascii() and port.text.isdigit() and len(port.text) <= 5:
        yield Endpoint(side="listens", setting=port, port=int(port.text))
    keepers = held.get("ZK_HOST")
    for text in keepers.text.partition("/")[0].split(",")[:20] if keepers else ():
        host, _, number = text.strip().partition(":")
        if keepers and host and number.isascii() and number.isdigit() and len(number) <= 5:
            yield Endpoint("connects", keepers, host, int(number), technology="zookeeper")


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
)
