"""The variables in which options are given, to Java itself or to a start script.

Source: JVM tool interface, JAVA_TOOL_OPTIONS; the java command's manual, JDK_JAVA_OPTIONS;
catalina.sh, kafka-run-class.sh, bin/solr, bin/elasticsearch, bin/logstash.lib.sh, zkEnv.sh,
hadoop-functions.sh, cassandra-env.sh as their projects ship them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.quantity import BYTES, MIB, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Item, Origin, Setting, Status, Unread
from plimsoll.syntax import shell
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.jvm.options import setting

# Read by Java itself, before and behind everything else.
FIRST, LAUNCHER, LAST = "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"
# Read by start scripts, which hand them on in this order.
_OPTIONS = (
    *("JAVA_OPTS", "JVM_OPTS", "JAVA_ARGS", "JVM_ARGS", "JAVA_MEM", "JENKINS_JAVA_OPTS"),
    *("KAFKA_HEAP_OPTS", "KAFKA_JVM_PERFORMANCE_OPTS", "KAFKA_GC_LOG_OPTS", "KAFKA_JMX_OPTS"),
    *("KAFKA_LOG4J_OPTS", "KAFKA_OPTS", "SOLR_JAVA_MEM", "GC_TUNE", "SOLR_JAVA_STACK_SIZE"),
    *("SOLR_OPTS", "ES_JAVA_OPTS", "OPENSEARCH_JAVA_OPTS", "LS_JAVA_OPTS", "HADOOP_OPTS"),
    *("JVMFLAGS", "SERVER_JVMFLAGS", "JVM_EXTRA_OPTS", "JAVA_OPTS_KC_HEAP", "JAVA_OPTS_APPEND"),
    "CATALINA_OPTS",
)
# Sizes that a start script puts behind these flags; of a number alone a script makes so many bytes.
_SIZES: Mapping[str, tuple[tuple[str, ...], int]] = {
    "SOLR_HEAP": (("-Xms", "-Xmx"), 1),
    "ES_HEAP_SIZE": (("-Xms", "-Xmx"), 1),
    "ES_MIN_MEM": (("-Xms",), 1),
    "ES_MAX_MEM": (("-Xmx",), 1),
    "ES_HEAP_NEWSIZE": (("-Xmn",), 1),
    "MAX_HEAP_SIZE": (("-Xms", "-Xmx"), 1),
    "HEAP_NEWSIZE": (("-Xmn",), 1),
    "JVM_MINIMUM_MEMORY": (("-Xms",), 1),
    "JVM_MAXIMUM_MEMORY": (("-Xmx",), 1),
    "ZK_SERVER_HEAP": (("-Xmx",), MIB),
    "HADOOP_HEAPSIZE": (("-Xmx",), MIB),
}
# A variable that is read only where another one is empty.
_INSTEAD = {"SOLR_JAVA_MEM": "SOLR_HEAP", "JAVA_OPTS": "ES_JAVA_OPTS"}
NAMES = (*_SIZES, *_OPTIONS)
_LAUNCHERS = frozenset({"-server", "-client", "-cp", "-classpath", "-jar", "-version", "-p", "-m"})
_OF_TOOL = re.compile(r"""(?:[^\s"']|"[^"]*"|'[^']*')+""")


def of_java(name: str, environment: Mapping[str, Word]) -> Iterator[Item]:
    """The options of a variable that Java itself reads: only quotes have a meaning in it."""
    word = environment.get(name)
    if isinstance(word, Uncertain):
        yield setting(word, Origin.ENVIRONMENT, name)
    elif word is not None:
        locate = shell.located(word.text, word.place)
        for found in _OF_TOOL.finditer(word.text):
            text = re.sub(r"[\"']", "", found[0])
            place = locate(found.start(), found.end())
            item = setting(Word(text, place), Origin.ENVIRONMENT, name)
            yield _of_launcher(item, name)


def _of_launcher(item: Item, name: str) -> Item:
    """Options of the java command, which the machine itself does not know."""
    if name == LAUNCHER or not isinstance(item, Setting) or item.name not in _LAUNCHERS:
        return item
    reason = f"{item.name} is of the java command: in {name} Java does not know it"
    return replace(item, status=Status.REFUSED, reason=reason)


def given(
    environment: Mapping[str, Word],
    origin: Origin = Origin.ENVIRONMENT,
    words: Mapping[str, Sequence[Word]] | None = None,
) -> Iterator[Item]:
    """The options of the variables that start scripts read. *words*: of a variable, where known."""
    for name, (flags, scale) in _SIZES.items():
        if name in environment:
            yield from _sized(name, environment[name], flags, scale, origin)
    for name in _OPTIONS:
        word = environment.get(name)
        if word is None:
            continue
        own = (words or {}).get(name) or _words(word)
        other = _INSTEAD.get(name, "")
        is_ignored = other in environment and bool(environment[other].text)
        for each in own:
            item = setting(each, origin, name)
            reason = f"{name} is not read where {other} is set"
            yield _ignored(item, reason) if is_ignored else item


def _words(word: Word) -> Sequence[Word]:
    return [word] if isinstance(word, Uncertain) else shell.words_in(word)


def _ignored(item: Item, reason: str) -> Item:
    if not isinstance(item, Setting):
        return item
    return replace(item, status=Status.IGNORED, reason=reason)


def _sized(
    name: str, word: Word, flags: Sequence[str], scale: int, origin: Origin
) -> Iterator[Item]:
    if isinstance(word, Uncertain):
        yield Unread(word.place.path if word.place else "", f"{name}: {word.value}", word.place)
        return
    text = word.text.strip()
    is_scaled = scale > 1 and text.isascii() and text.isdigit() and len(text) < 12
    for flag in flags if text else ():
        yield Setting(
            name=flag,
            text=text,
            place=word.place,
            origin=origin,
            value=Amount.of(int(text) * scale, BYTES) if is_scaled else None,
            belongs=name,
            reason=f"of {name}",
        )


def unread_by_java(environment: Mapping[str, Word], seen: Sequence[Word]) -> Iterator[Item]:
    """Options for a start script where Java is started without one, unless they got there."""
    held = {word.text for word in seen}
    for name in _OPTIONS:
        for word in _words(environment[name]) if name in environment else ():
            item = setting(word, Origin.ENVIRONMENT, name)
            if isinstance(item, Setting) and word.text not in held:
                yield _ignored(item, f"Java does not read {name}; only start scripts do")
