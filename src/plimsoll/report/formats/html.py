"""HTML: one page that needs nothing else. No script, and its policy lets it ask for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import TextIO

from plimsoll import __version__
from plimsoll.model.finding import Finding, LoadLine, Operand, Outcome
from plimsoll.report.format import Format, Look
from plimsoll.report.formats.text import by_service, summary
from plimsoll.report.needs import gaps
from plimsoll.report.operands import named, unread_reason, value, where
from plimsoll.report.picture import fullest, gauge, percent, picture
from plimsoll.report.quotes import Quotes
from plimsoll.report.secrets import Mask
from plimsoll.report.stack_text import heading
from plimsoll.report.width import visible
from plimsoll.report.words import counted

_BAR = 160
_STYLE = """
:root{color-scheme:light dark;--ink:#1b2430;--paper:#fff;--faint:#5d6b7a;--edge:#c9d2dc;--rail:#e4e9ef;
--fits:#2f7d4f;--near:#b7791f;--over:#c0392b;--critical:#c0392b;--high:#d9730d;--medium:#b7791f;--low:#3b73b9}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf1;--paper:#14181d;--faint:#9aa7b5;--edge:#3a444f;
--rail:#2a323b;--fits:#5cb881;--near:#e0b04c;--over:#f07567;--critical:#f07567;--high:#f2a35e;
--medium:#e0b04c;--low:#7fb0ea}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:75rem;
margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.2rem;margin:2.2rem 0 .6rem}h3{font-size:1rem;margin:0}
.faint{color:var(--faint);fill:var(--faint)}.wide{overflow-x:auto}
svg text{font:13px system-ui,sans-serif;fill:var(--ink)}svg .name{font-weight:600;font-size:15px}
svg .faint{fill:var(--faint);font-size:12px}svg .line{font-size:11px}svg .end{text-anchor:end}
.box{fill:none;stroke:var(--edge);stroke-width:1.5}.box.critical{stroke:var(--critical);stroke-width:3}
.box.high{stroke:var(--high);stroke-width:3}.box.medium{stroke:var(--medium);stroke-width:2}
.rail{fill:var(--rail)}.fits{fill:var(--fits)}.near{fill:var(--near)}.over{fill:var(--over)}
.mark{stroke:var(--ink);stroke-width:1.5}.link{fill:none;stroke:var(--faint);stroke-width:1.5}
.tip{fill:var(--faint)}
article{border:1px solid var(--edge);border-left:6px solid var(--edge);border-radius:6px;
padding:.8rem 1rem;margin:.8rem 0}
article.critical{border-left-color:var(--critical)}article.high{border-left-color:var(--high)}
article.medium{border-left-color:var(--medium)}article.low{border-left-color:var(--low)}
.severity{font-weight:700;text-transform:uppercase;font-size:.8rem;letter-spacing:.04em}
.critical .severity{color:var(--critical)}.high .severity{color:var(--high)}
.medium .severity{color:var(--medium)}.low .severity{color:var(--low)}
code,pre{font:14px/1.45 ui-monospace,monospace}pre{overflow-x:auto;margin:.5rem 0;padding:.5rem .7rem;
border-radius:4px;background:var(--rail)}.caret{color:var(--over)}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .7rem .25rem 0;
border-bottom:1px solid var(--edge);vertical-align:top}td.number{text-align:right;white-space:nowrap}
"""


def write(outcome: Outcome, out: TextIO, look: Look) -> None:  # noqa: ARG001
    """The picture, the findings, every load line, and what is not known."""
    page = _Page(outcome)
    out.write("<!DOCTYPE html>\n")
    out.writelines(f"{line}\n" for line in page.lines())


FORMAT = Format("a page for people: the stack as a picture, with its load lines", write)


class _Page:
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.mask = Mask.of(outcome.stack)
        self.quotes = Quotes(outcome.stack.texts, self.mask)

    def lines(self) -> Iterator[str]:
        said = escape(summary(self.outcome))
        yield '<html lang="en"><head><meta charset="utf-8">'
        yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>Plimsoll: {said}</title><style>{_STYLE}</style></head><body>"
        yield f"<header><h1>Does it fit?</h1><p>{said}</p></header>"
        yield f'<main><section class="wide" aria-label="the stack">{picture(self.outcome)}</section>'
        yield from self._findings()
        yield from self._load_lines()
        yield from self._not_known()
        yield from self._accepted()
        yield f'</main><footer class="faint"><p>plimsoll {__version__}</p></footer></body></html>'

    # ---------------------------------------------------------------------------- findings

    def _findings(self) -> Iterator[str]:
        for service, findings in by_service(self.outcome.findings):
            known = self.outcome.stack.services.get(service)
            yield f"<h2>{escape(heading(known) if known else visible(service or 'stack'))}</h2>"
            for each in findings:
                yield from self._finding(each)

    def _finding(self, finding: Finding) -> Iterator[str]:
        yield f'<article class="{finding.severity}"><span class="severity">{finding.severity}</span>'
        yield f"<h3>{self._said(finding.title)}</h3>"
        about = finding.rule + (f", {finding.target}" if finding.target else "")
        yield f'<p class="faint">{escape(visible(about))}</p>'
        if finding.operands:
            yield from self._quote(finding.operands[0])
        yield f"<p>{self._said(finding.message)}</p>"
        if finding.arithmetic:
            yield f"<pre>{self._said(finding.arithmetic)}</pre>"
        yield f"<p>{self._said(finding.why)}</p>"
        yield from self._settings(finding)
        if finding.seen:
            yield f"<p>Seen in {escape(visible(', '.join(finding.seen)))}.</p>"
        yield "</article>"

    def _quote(self, operand: Operand) -> Iterator[str]:
        setting = operand.setting
        quote = self.quotes.of(setting, 110)
        if quote is not None and setting.place is not None:
            yield f"<code>{escape(visible(str(setting.place)))}</code>"
            carets = escape(quote.carets)
            yield f'<pre>{escape(quote.text)}\n<span class="caret">{carets}</span></pre>'

    def _settings(self, finding: Finding) -> Iterator[str]:
        if not finding.operands:
            return
        rows = [
            (named(each), value(each.setting, self.mask), where(each.setting))
            for each in finding.listed
        ]
        if finding.unlisted:
            rows.append((f"and {finding.unlisted} more", "", ""))
        yield "<details><summary>settings</summary>"
        yield from _table(("setting", "value", "where"), ([escape(c) for c in r] for r in rows))
        yield "</details>"

    # --------------------------------------------------------------------------- load lines

    def _load_lines(self) -> Iterator[str]:
        if not self.outcome.lines:
            return
        yield "<h2>Load lines</h2>"
        names = ("rule", "of", "load", "limit", "used", "")
        yield from _table(names, map(_line, fullest(self.outcome.lines)))

    # ------------------------------------------------------------------------- what is left

    def _not_known(self) -> Iterator[str]:
        if self.outcome.skipped:
            yield "<h2>Not checked</h2><ul>"
            for gap in gaps(self.outcome.skipped):
                missing = self.mask.reason(", ".join(gap.missing))
                told = f"{counted(len(gap.rules), 'rule')} without {missing}"
                yield f"<li>{escape(told)} <span class=faint>{escape(', '.join(gap.rules))}</span></li>"
            yield "</ul>"
        if self.outcome.unread:
            yield "<h2>Not read</h2><ul>"
            for each in self.outcome.unread:
                at = escape(visible(str(each.place or each.path)))
                reason = escape(self.mask.reason(unread_reason(each)))
                yield f"<li><code>{at}</code>: {reason}</li>"
            yield "</ul>"

    def _accepted(self) -> Iterator[str]:
        if not self.outcome.suppressed:
            return
        yield "<h2>Accepted</h2><ul>"
        for each in self.outcome.suppressed:
            about = visible(f"{each.rule} of {each.target or each.service}")
            reason = self.mask.sentence(each.accepted.reason) if each.accepted else ""
            yield f"<li>{escape(about)}: {escape(reason)}</li>"
        yield "</ul>"

    def _said(self, text: str) -> str:
        return escape(self.mask.sentence(text))


def _line(line: LoadLine) -> list[str]:
    bar = gauge(line.utilization, _BAR)
    drawn = (
        f'<svg width="{_BAR}" height="14" viewBox="0 -3 {_BAR} 14" aria-hidden="true">{bar}</svg>'
    )
    cells = (visible(line.rule), visible(line.target), str(line.load), str(line.limit))
    return [*map(escape, cells), percent(line.utilization), drawn]


def _table(names: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table; its cells are HTML already."""
    yield (
        "<table><thead><tr>"
        + "".join(f"<th>{name}</th>" for name in names)
        + "</tr></thead><tbody>"
    )
    for row in rows:
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
    yield "</tbody></table>"
