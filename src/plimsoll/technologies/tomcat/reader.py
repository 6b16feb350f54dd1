"""Reads Tomcat's server.xml, context.xml, web.xml and catalina.properties.

Source: Tomcat's manual, configuration reference; measured on 10.1.60.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.reader import Reader, Word
from plimsoll.model.setting import Block, Item, Origin, Setting, Unknown, Unread
from plimsoll.syntax import shell
from plimsoll.syntax.properties import properties
from plimsoll.syntax.templates import is_unrendered
from plimsoll.syntax.text import Lines
from plimsoll.syntax.xml_nodes import Attribute, Element, XmlDocument, document
from plimsoll.technologies.tomcat.endpoints import endpoints
from plimsoll.technologies.tomcat.values import value
from plimsoll.technologies.tomcat.winners import PROPERTIES, PROPERTY, effective

_SECRETS = frozenset({"password", "secret", "keystorePass", "keyPass", "truststorePass"})
_JDBC_POOL = "org.apache.tomcat.jdbc.pool"
_VARIABLES = ("JAVA_OPTS", "CATALINA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")

# The elements that are parts, and the type of part that each is.
PARTS = {
    "Server": "catalina_server",
    "Connector": "connector",
    "AjpConnector": "ajp_connector",
    "Executor": "executor",
    "Engine": "engine",
    "Host": "virtual_host",
    "Context": "context",
    "Resource": "jndi_resource",
    "JdbcPool": "jdbc_pool",
    "Valve": "valve",
    "Manager": "session_manager",
    "Realm": "realm",
    "Cluster": "cluster",
    PROPERTIES: "property_file",
}


def read(text: str, path: str) -> Iterator[Item]:
    """Every attribute of every element, in file order."""
    if path.endswith(".properties"):
        yield from _properties(text, path)
        return
    found = document(text, path)
    if found.root is not None:
        is_web = found.root.local in ("web-app", "web-fragment")
        yield from _sessions(found, found.root) if is_web else _below(found, found.root, ())
    if found.fault is not None:
        yield found.fault


def _below(found: XmlDocument, element: Element, above: tuple[Block, ...]) -> Iterator[Item]:
    scope = (*above, _block(found, element))
    for each in element.attributes:
        yield _setting(found, each, scope)
    for child in element.children:  # as deep as XML may be
        yield from _below(found, child, scope)


def _block(found: XmlDocument, element: Element) -> Block:
    said = {each.name: each.text for each in element.attributes}
    name = said.get("name") or said.get("path") or said.get("port") or said.get("className", "")
    return Block(_kind(element.local, said), name, found.place(element))


def _kind(local: str, said: Mapping[str, str]) -> str:
    if local == "Connector" and "ajp" in said.get("protocol", "").lower():
        return "AjpConnector"
    if local == "Resource" and said.get("factory", "").startswith(_JDBC_POOL):
        return "JdbcPool"
    return local


def _setting(found: XmlDocument, each: Attribute, scope: tuple[Block, ...]) -> Setting:
    unknown = None
    if each.unexpanded:
        unknown = Unknown(f"the entity &{each.unexpanded}; of its DTD is not put in")
    elif is_unrendered(each.text, has_variables=True):
        unknown = Unknown("template: it was not rendered")
    elif PROPERTY.search(each.text):
        unknown = Unknown(f"{each.text[:60]}: no property of that name is given")
    return Setting(
        name=each.name,
        text=each.text,
        place=found.place_of(each),
        scope=scope,
        value=unknown,
        is_secret=each.name in _SECRETS,
    )


def _sessions(found: XmlDocument, root: Element) -> Iterator[Setting]:
    """What a web.xml says of sessions; the rest of it is the application's."""
    for config in root.named("session-config"):
        for each in config.named("session-timeout"):
            start, end = each.text_span
            place = found.lines.place(each.start, each.end, (start, end))
            yield Setting("session-timeout", each.text.strip(), place)


def _properties(text: str, path: str) -> Iterator[Item]:
    where = Lines(text, path)
    block = Block(PROPERTIES, path.rpartition("/")[2], where.place(0, 0))
    for each in properties(text):
        place = where.place(each.start, each.end, (each.value_start, each.end))
        if each.fault:
            yield Unread(path, each.fault, place)
        else:
            yield Setting(each.key.lstrip("\ufeff"), each.value, place, (block,))


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The properties that Java is given, which `${name}` in server.xml stands for."""
    block = Block(PROPERTIES, "command line")
    given = [w for n in _VARIABLES if n in environment for w in shell.words_in(environment[n])]
    for word in (*given, *words):
        name, equals, text = word.text.partition("=")
        if name.startswith("-D") and equals:
            yield Setting(name[2:], text, word.place, (block,), origin=Origin.COMMAND_LINE)


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    parts=PARTS,
)
