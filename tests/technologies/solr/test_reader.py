from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.stack import read_texts
from plimsoll.technologies.solr.reader import READER
from support.lossless import HOSTILE, damaged
from support.places import wrong_places


def settings(more: str, files: dict[str, str] | None = None) -> list[Setting]:
    texts = files or {}
    service = f"a: {{technology: solr, files: [{', '.join(texts)}]{more}}}"
    found = read_texts({"plimsoll.yaml": f"services: {{{service}}}\n", **texts})
    return [s for s in found.services["a"].settings if s.technology == "solr"]


def test_one_of_two_heaps_is_not_read() -> None:
    heap, memory = settings(", environment: {SOLR_HEAP: 8g, SOLR_JAVA_MEM: -Xms10g -Xmx10g}")
    assert (str(heap.value), heap.status) == ("8 GiB", Status.EFFECTIVE)
    assert (memory.status, memory.winner) == (Status.SHADOWED, heap)


def test_an_option_goes_before_the_variable_and_that_before_the_script() -> None:
    files = {"solr.in.sh": 'SOLR_HEAP="1g"\n#SOLR_HEAP=9g\nSOLR_OPTS="$SOLR_OPTS -Dx=1 -Dy=2"\n'}
    found = settings(", environment: {SOLR_HEAP: 2g}, command: 'solr start -m 3g'", files)
    heaps = [(s.text, s.status) for s in found if s.name == "SOLR_HEAP"]
    assert heaps == [("1g", Status.SHADOWED), ("2g", Status.SHADOWED), ("3g", Status.EFFECTIVE)]
    assert [s.text.strip() for s in found if s.name == "SOLR_OPTS"] == ["-Dx=1 -Dy=2"]


def test_values_of_xml_files() -> None:
    text = (
        '<solr><int name="maxBooleanClauses">${clauses:1024}</int>\n<solrcloud>'
        '<int name="zkClientTimeout">30000</int></solrcloud></solr>'
    )
    found = {s.name: s for s in settings("", {"solr.xml": text})}
    assert str(found["maxBooleanClauses"].value) == "1024"
    assert str(found["zkClientTimeout"].value) == "30 s"
    assert str(found["zkClientTimeout"].place) == "solr.xml:2"


SAMPLES = {
    "solr.xml": '<solr><int name="a">1024</int><b><int name="zkClientTimeout">30000</int></b></solr>',
    "solr.in.sh": 'SOLR_HEAP="4g"\nSOLR_PORT=8983\n',
}


@given(
    st.sampled_from(sorted(SAMPLES)).flatmap(lambda p: st.tuples(st.just(p), damaged(SAMPLES[p])))
)
def test_places_in_damaged_files(drawn: tuple[str, str]) -> None:
    path, text = drawn
    assert wrong_places(READER, text, path, 1) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", sorted(SAMPLES))
def test_hostile_texts(text: str, path: str) -> None:
    assert all(isinstance(item, Setting | Unread) for item in READER.read(text, path))
