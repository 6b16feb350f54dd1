from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from plimsoll.syntax.properties import Property, properties, tokens
from support.counts import drawn
from support.programs import need


def pairs(text: str) -> list[tuple[str, str]]:
    return [(each.key, each.value) for each in properties(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a=1", [("a", "1")], id="equals"),
        pytest.param("a : 1\n", [("a", "1")], id="colon"),
        pytest.param("a   1\n", [("a", "1")], id="blanks"),
        pytest.param("a = = 1", [("a", "= 1")], id="only one separator"),
        pytest.param("  # c\n!d\n\n\ta=1", [("a", "1")], id="comments"),
        pytest.param("a=1 # no comment", [("a", "1 # no comment")], id="nothing behind a value"),
        pytest.param("a=1  \r\nb=2\rc=3", [("a", "1  "), ("b", "2"), ("c", "3")], id="line ends"),
        pytest.param("a=1,\\\n    2,\\\r\n\t3", [("a", "1,2,3")], id="continuation"),
        pytest.param("a=1\\\\\nb=2", [("a", "1\\"), ("b", "2")], id="an escaped backslash ends"),
        pytest.param("# c \\\na=1", [("a", "1")], id="comments do not go on"),
        pytest.param("a=\\\n# 1", [("a", "# 1")], id="no comment in a continuation"),
        pytest.param("a\\ b\\=c\\:d=e", [("a b=c:d", "e")], id="escapes in a key"),
        pytest.param("a=\\t\\n\\x\\u0041\\uD83D\\uDE00", [("a", "\t\nxA\U0001f600")], id="escapes"),
        pytest.param("a", [("a", "")], id="a key alone"),
        pytest.param("=1", [("", "1")], id="no key"),
        pytest.param("a=1\\", [("a", "1")], id="a backslash at the end"),
        pytest.param("a=1\na=2", [("a", "1"), ("a", "2")], id="twice"),
        pytest.param("\\\n\n  \\\na=1", [("a", "1")], id="lines of a backslash"),
        pytest.param("", [], id="empty"),
    ],
)
def test_reads(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


def test_an_escape_that_java_refuses_is_a_fault() -> None:
    found = list(properties("a=\\u12\nb=\\\\u12"))
    assert "four hexadecimal digits" in found[0].fault
    assert found[1] == Property("b", "\\u12", 7, 8, 9, 14)


TEXTS = st.text(alphabet="ab =:#!\\\n\r\t\fu041é\udc80", max_size=60)


@given(TEXTS)
def test_nothing_is_lost_and_places_are_right(text: str) -> None:
    found = list(tokens(text))
    assert "".join(t.text for t in found) == text
    assert all(text[t.start : t.end] == t.text for t in found)
    for each in properties(text):
        assert 0 <= each.start <= each.key_end <= each.value_start <= each.end <= len(text)
        if "\\" not in text:
            assert text[each.start : each.key_end] == each.key
            assert text[each.value_start : each.end] == each.value


LOADER = """
import java.io.*; import java.nio.charset.StandardCharsets; import java.util.*;
public class Load {
  static String hex(String text) {
    StringBuilder out = new StringBuilder("x");
    for (char c : text.toCharArray()) out.append(String.format("%04x", (int) c));
    return out.toString();
  }
  public static void main(String[] files) throws Exception {
    for (String file : files) {
      List<String> said = new ArrayList<>();
      Properties all = new Properties() {
        public synchronized Object put(Object key, Object value) {
          said.add(hex((String) key) + " " + hex((String) value));
          return super.put(key, value);
        }
      };
      try (Reader in = new InputStreamReader(new FileInputStream(file), StandardCharsets.UTF_8)) {
        all.load(in);
        System.out.println("ok " + String.join(" ", said));
      } catch (IllegalArgumentException refused) {
        System.out.println("refused");
      }
    }
  }
}
"""


def hexed(text: str) -> str:
    return "x" + text.encode("utf-16-be", "surrogatepass").hex()


def ours(text: str) -> str:
    found = list(properties(text))
    if any(each.fault for each in found):
        return "refused"
    return "ok " + " ".join(f"{hexed(p.key)} {hexed(p.value)}" for p in found)


@pytest.mark.real
@settings(drawn(1, 4), phases=[Phase.generate])  # each example starts a Java
@given(st.lists(st.text(alphabet="ab =:#!\\\n\r\t\fu041é", max_size=40), min_size=60, max_size=60))
def test_java_reads_the_same(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    need("javac", "openjdk-17-jdk-headless")
    java = need("java", "openjdk-17-jdk-headless")
    folder = tmp_path_factory.mktemp("properties")
    (folder / "Load.java").write_text(LOADER, "utf-8")
    files: list[Path] = []
    for number, text in enumerate(texts):
        files.append(folder / f"{number}.properties")
        files[-1].write_bytes(text.encode())
    done = subprocess.run(
        [java, str(folder / "Load.java"), *map(str, files)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert [line.rstrip() for line in done.stdout.splitlines()] == [ours(t).rstrip() for t in texts]
