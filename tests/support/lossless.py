"""What every reader has to bear: damaged samples and hostile texts."""

from __future__ import annotations

from hypothesis import strategies as st

_MARKS = st.text(alphabet="<>&;\"'=:-{}[]#!\n\r\t $@ax1\u00e9\udc80\ufeff", max_size=4)


def damaged(sample: str) -> st.SearchStrategy[str]:
    """*sample* with something else in the place of a few of its characters."""
    places = st.tuples(st.integers(0, len(sample)), st.integers(0, 5), _MARKS)
    return places.map(lambda p: sample[: p[0]] + p[2] + sample[p[0] + p[1] :])


# Texts that have nothing to do with any format, by what they are.
HOSTILE = {
    "empty": "",
    "a byte order mark": "\ufeff",
    "binary": "".join(map(chr, (*range(1, 256), *range(0xDC80, 0xDD00)))) * 20,
    "deep tags": "<a>" * 5_000,
    "deep brackets": "a: " + "[" * 5_000,
    "deep braces": "{" * 5_000,
    "one long line": "a" * 200_000,
    "a long value": "a=" + "b" * 200_000,
    "quotes": '"' * 50_000,
    "backslashes": "\\" * 200_000,
    "variables": "A=${" + "a:${" * 10_000,
    "many lines": "a.b=1\n" * 10_000,
}
