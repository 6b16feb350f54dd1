from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Setting, Status, Unknown, Unread
from plimsoll.model.stack import Stack
from plimsoll.stack import read_texts
from plimsoll.technologies.jvm.reader import READER
from support.lossless import HOSTILE, damaged
from support.places import wrong_places


def told(text: str, path: str = "jvm.options") -> list[str]:
    """Every item as `line name text`, or `line: reason`."""
    found = []
    for item in READER.read(text, path):
        assert item.place is not None
        if isinstance(item, Unread):
            found.append(f"{item.place.span.line}: {item.reason}")
        elif isinstance(item, Setting):
            found.append(f"{item.place.span.line} {item.name} {item.text}".rstrip())
    return found


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param(
            "-server\n-Xmx110G\n-XX:+UseG1GC\n", "jvm.config",
            ["1 -server", "2 -Xmx 110G", "3 -XX:UseG1GC +"], id="a flag a line",
        ),
        pytest.param("# -Xmx1g\n\n  -Xms1g \r\n", "jvm.options", ["3 -Xms 1g"], id="comments, CRLF"),
        pytest.param("-Xmx1g # c", "jvm.options", ["1 -Xmx 1g # c"], id="no comment behind a flag"),
        pytest.param("8-:-Xmx2g", "jvm.options", ["1 -Xmx 2g"], id="every version there is"),
        pytest.param("Xmx2g", "jvm.options", ["1: 'Xmx2g' is no option of Java"], id="no option"),
        pytest.param("-Xmx{{ heap }}", "jvm.options", ["1: a template that was not rendered"], id="template"),
        pytest.param(
            "-Xmx1g # c\n'-Dx=a b'\n", "java.args", ["1 -Xmx 1g", "2 -Dx a b"], id="words of an @file",
        ),
        pytest.param(
            "+UseG1GC -DisableX MaxHeapSize=1g", "flags", ["1 -XX:UseG1GC +", "1 -DisableX", "1 -Xmx 1g"],
            id="a file of -XX:Flags",
        ),
        pytest.param(
            'CATALINA_OPTS="$CATALINA_OPTS -Xmx2g"\nexport JAVA_OPTS=-Xss1m\n', "bin/setenv.sh",
            ["2 -Xss 1m", "1 -Xmx 2g"], id="variables that a sourced script leaves",
        ),
        pytest.param(
            "<configuration>\n<property><name>a.java.opts</name>\n<value>-Xmx1638</value></property>\n"
            "<property><name>b</name><value>-1</value></property></configuration>", "mapred-site.xml",
            ["3 -Xmx 1638"], id="Hadoop",
        ),
    ],
)  # fmt: skip
def test_reads(text: str, path: str, expected: list[str]) -> None:
    assert told(text, path) == expected


@pytest.mark.parametrize("prefix", ["8-13:", "8:", "11-:"])
def test_flags_of_some_versions_of_java_are_not_known(prefix: str) -> None:
    (item,) = READER.read(f"{prefix}-Xmx2g", "jvm.options")
    assert isinstance(item, Setting)
    assert isinstance(item.value, Unknown)


def stack(files: dict[str, str], more: str, technology: str = "jvm") -> Stack:
    service = f"a: {{technology: {technology}, files: [{', '.join(files)}]{more}}}"
    return read_texts({"plimsoll.yaml": f"services: {{{service}}}\n", **files})


def status(found: Stack, name: str) -> list[tuple[str, Status]]:
    return [(s.text, s.status) for s in found.services["a"].settings if s.name == name]


HELD, LOST, DROPPED = Status.EFFECTIVE, Status.SHADOWED, Status.IGNORED


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (', command: "java -Xmx2g -jar a.jar -Xmx9g"', [("1g", LOST), ("2g", HELD)]),
        (", environment: {JAVA_TOOL_OPTIONS: -Xmx2g}", [("1g", HELD), ("2g", LOST)]),
        (", environment: {_JAVA_OPTIONS: -Xmx2g}", [("1g", LOST), ("2g", HELD)]),
        (", environment: {JDK_JAVA_OPTIONS: -Xmx3g, _JAVA_OPTIONS: -Xmx2g}",
         [("1g", LOST), ("3g", LOST), ("2g", HELD)]),
        (', command: "java -jar a.jar", environment: {JAVA_OPTS: -Xmx2g}', [("1g", HELD), ("2g", DROPPED)]),
        (", environment: {JAVA_OPTS: -Xmx2g, CATALINA_OPTS: -Xmx3g}",
         [("1g", LOST), ("2g", LOST), ("3g", HELD)]),
        (", environment: {SOLR_HEAP: 3g, SOLR_JAVA_MEM: -Xmx2g}",
         [("1g", LOST), ("3g", HELD), ("2g", DROPPED)]),
        (', command: "java -XX:MaxHeapSize=2g Main"', [("1g", LOST), ("2g", HELD)]),
        (', command: "sh -c \\"exec java $JAVA_OPTS -jar x\\"", environment: {JAVA_OPTS: -Xmx2g}',
         [("1g", LOST), ("2g", HELD)]),
    ],
)  # fmt: skip
def test_who_wins(more: str, expected: list[tuple[str, Status]]) -> None:
    assert status(stack({"jvm.config": "-Xmx1g\n"}, more), "-Xmx") == expected


def test_a_folder_of_options_goes_before_the_file_and_a_variable_before_both() -> None:
    files = {"jvm.options.d/heap.options": "-Xms2g\n", "jvm.options": "-Xms1g\n"}
    found = stack(files, "", "elasticsearch")
    assert sorted(status(found, "-Xms")) == [("1g", LOST), ("2g", HELD)]
    found = stack(files, ", environment: {ES_JAVA_OPTS: -Xms3g}", "elasticsearch")
    assert sorted(status(found, "-Xms")) == [("1g", LOST), ("2g", LOST), ("3g", HELD)]


def test_a_heap_that_is_told_leaves_no_share_of_the_memory() -> None:
    found = stack({"jvm.config": "-XX:MaxRAMPercentage=80\n-Xmx1g\n"}, "")
    assert status(found, "-XX:MaxRAMPercentage") == [("80", DROPPED)]


def test_two_collectors_and_slips_of_the_pen() -> None:
    found = stack({"jvm.config": "-XX:+UseG1GC\n-XX:+UseZGC\n-XX:MaxRamPercentage=80\n"}, "")
    assert status(found, "-XX:UseZGC") == [("+", Status.REFUSED)]
    assert status(found, "-XX:MaxRamPercentage") == [("80", Status.UNKNOWN_NAME)]


def test_files_that_a_command_line_names_are_read_in_their_place() -> None:
    assert READER.arguments is not None
    found = list(
        READER.arguments([Word("java"), Word("@a.txt"), Word("-XX:Flags=b"), Word("Main")], {})
    )
    assert [i.pattern for i in found if isinstance(i, Include)] == ["a.txt", "b"]


SAMPLES = {
    "jvm.options": "# c\n-Xms1g\n8-13:-XX:+UseG1GC\n14-:-Xmx2g\n-Dfoo=bar baz\n-XX:MaxRAMPercentage=70\n",
    "java.args": '-Xmx1g # c\n"-Dfoo=a b" -XX:+UseG1GC\n',
    "setenv.sh": 'export CATALINA_OPTS="$CATALINA_OPTS -Xmx1g"\nJAVA_OPTS="-Dx=y -Xss1m"\n',
    "mapred-site.xml": "<configuration><property><name>a</name><value>-Xmx1g</value></property></configuration>",
}


@given(
    st.sampled_from(sorted(SAMPLES)).flatmap(lambda p: st.tuples(st.just(p), damaged(SAMPLES[p])))
)
def test_places_in_damaged_files(drawn: tuple[str, str]) -> None:
    path, text = drawn
    assert wrong_places(READER, text, path, 1) == []


@given(st.text(alphabet="-Xmg:1 \t\n#=+D\udc80", max_size=60))
def test_no_line_is_lost(text: str) -> None:
    lines = {
        n for n, line in enumerate(text.split("\n"), 1) if line.strip() and line.strip()[0] != "#"
    }
    spans = [item.place.span for item in READER.read(text, "jvm.options") if item.place]
    assert {span.line for span in spans} == lines


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", sorted(SAMPLES))
def test_hostile_texts(text: str, path: str) -> None:
    assert all(isinstance(item, Setting | Unread) for item in READER.read(text, path))
