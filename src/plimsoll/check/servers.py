"""What installed servers say of a stack's files, by their own test: findings with their words."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from plimsoll.check.findings import Found, fingerprint
from plimsoll.check.own import REFUSES, WARNS
from plimsoll.hosts import Host, HostError, Result
from plimsoll.model.finding import Finding, Kind, Operand, Severity, Skipped
from plimsoll.model.place import Place, Span
from plimsoll.model.setting import Setting
from plimsoll.model.stack import Service, Stack
from plimsoll.model.trial import Question, Said, Trial
from plimsoll.technologies import trial_of

SECONDS = 10.0  # for one server: each of them answers in a tenth of it

_SYSTEM = ("/usr/", "/lib/", "/lib64/")
_OF_SYSTEM = ("modules/",)  # below the prefix that the server was built with

_TITLES = {
    REFUSES: "The server does not take its configuration",
    WARNS: "The server takes its configuration with a warning",
}
_WHY = {
    REFUSES: "A reload fails and says so in a log; the next restart leaves the service down.",
    WARNS: "The server goes on with another value than the one that was written, or without it.",
}


class Answered(Struct, frozen=True):
    """What servers found, and which could not be asked, with the reason."""

    found: tuple[Found, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def ask_servers(stack: Stack, root: Path, host: Host) -> Answered:
    """Asks the test of every server in *stack* that *host* has installed; *root*: where the files are."""
    found: list[Found] = []
    skipped: list[Skipped] = []
    for service in stack.services.values():
        for technology in _technologies(service):
            trial = trial_of(technology)
            files = _files(service, technology, stack, root) if trial else {}
            if trial is None or not files:
                continue
            answer = _asked(trial, technology, service, files, host)
            if isinstance(answer, str):
                skipped.append(Skipped(REFUSES, service.name, answer, service.name))
                continue
            for said in answer:
                if trial.of_the_machine.search(said.words):
                    if said.is_refusal:
                        reason = f"{technology} speaks of this machine: {said.words}"
                        skipped.append(Skipped(REFUSES, service.name, reason, service.name))
                else:
                    found.append(_found(said, technology, service, root, stack))
    return Answered(tuple(_distinct(found)), tuple(dict.fromkeys(skipped)))


def _technologies(service: Service) -> list[str]:
    """Its own, and those of what it runs in, such as its unit."""
    return list(dict.fromkeys((service.technology, *(s.technology for s in service.settings))))


def _files(service: Service, technology: str, stack: Stack, root: Path) -> dict[str, str]:
    """The texts of the technology's files, by their absolute path."""
    found: dict[str, str] = {}
    for each in service.settings:
        place = each.place
        if place and (each.technology or service.technology) == technology:
            path = root / place.path
            if place.path in stack.texts and path.is_file():
                found[str(path.absolute())] = stack.texts[place.path]
    return found


def _asked(
    trial: Trial, technology: str, service: Service, files: Mapping[str, str], host: Host
) -> list[Said] | str:
    """What the server says; or why it was not asked."""
    program = next((path for name in trial.programs if (path := host.find(name))), None)
    if program is None:
        return f"{technology} is not installed here"
    foreign = _foreign_code(trial, technology, service)
    if foreign is not None:
        return f"{technology} is not asked: {foreign.name} at {foreign.place} loads code"
    with tempfile.TemporaryDirectory(prefix="plimsoll-ask-") as folder:
        question = trial.question(files, folder)
        if isinstance(question, str):
            return f"{technology} is not asked: {question}"
        try:
            result = _run(program, question, Path(folder), host)
        except HostError as problem:
            return f"{technology} was asked: {problem}"
        said = [_without(folder, each) for each in trial.said(f"{result.out}\n{result.err}")]
    last = _last_words(result)
    if result.code and not any(each.is_refusal or each.words in last for each in said):
        said.append(Said(last))
    return said


def _run(program: str, question: Question, folder: Path, host: Host) -> Result:
    for name, text in question.files.items():
        (folder / name).write_text(text, "utf-8", errors="surrogateescape")
    return host.run([program, *question.words], seconds=SECONDS)


def _foreign_code(trial: Trial, technology: str, service: Service) -> Setting | None:
    """A setting by which the server would load code that is not the system's."""
    for each in service.settings:
        if (each.technology or service.technology) == technology and each.name in trial.loads:
            path = (each.text.split() or [""])[-1].strip("\"'")
            is_bare = "/" not in path and not path.endswith((".so", ".lua", ".js"))
            if not (is_bare or (path.startswith((*_SYSTEM, *_OF_SYSTEM)) and ".." not in path)):
                return each
    return None


def _without(folder: str, said: Said) -> Said:
    """*said* of a file that we wrote is said of none."""
    if said.path.startswith(folder):
        return Said(said.words, name=said.name, is_refusal=said.is_refusal)
    return said


def _last_words(result: Result) -> str:
    lines = [line.strip() for line in f"{result.out}\n{result.err}".splitlines() if line.strip()]
    return lines[-1] if lines else f"ended with {result.code} and without a word"


# ---------------------------------------------------------------------------------- as a finding


def _found(said: Said, technology: str, service: Service, root: Path, stack: Stack) -> Found:
    rule = REFUSES if said.is_refusal else WARNS
    setting = _setting(said, technology, service, root, stack)
    operand = Operand(service.name, setting)
    finding = Finding(
        rule=rule,
        title=_TITLES[rule],
        severity=Severity.CRITICAL if said.is_refusal else Severity.MEDIUM,
        kind=Kind.EXACT,
        target=service.name,
        service=service.name,
        message=f"{technology} says: {said.words}",
        why=_WHY[rule],
        operands=(operand,),
        repair=(operand,),
        source=(f"{technology}'s own test, on this machine",),
        fingerprint=fingerprint(f"{rule}\n{said.words}", service.name, (operand,)),
    )
    return Found(finding, {}, frozenset({service.name}))


def _setting(said: Said, technology: str, service: Service, root: Path, stack: Stack) -> Setting:
    """What it speaks of: the setting on that line, or of that name; else the file itself."""
    own = [s for s in service.settings if (s.technology or service.technology) == technology]
    path = _relative(said.path, root)
    there = [
        each
        for each in own
        if (at := each.place) and at.path == path and at.span.line <= said.line <= at.span.end_line
    ]
    if there:
        return min(there, key=_extent)  # the innermost: a block is a setting too
    if said.name:
        wanted = said.name.replace("-", "_")
        named = (s for s in own if s.place and s.name.replace("-", "_") == wanted)
        if (found := next(named, None)) is not None:
            return found
    first = next((s.place.path for s in own if s.place), next(iter(stack.texts), ""))
    line = max(1, said.line) if path else 1
    place = Place(path or first, Span(line, 1, line, 1))
    return Setting(said.name or "configuration", "", place, technology=technology)


def _extent(setting: Setting) -> tuple[int, int]:
    """How many lines it covers, and of a single one how many columns."""
    span = setting.place.span if setting.place else Span(1, 1, 1, 1)
    return span.end_line - span.line, span.end_column - span.column


def _relative(path: str, root: Path) -> str:
    """A path inside the checked folder, from there; "" for any other."""
    if not path:
        return ""
    full = Path(path)
    inside = full.is_relative_to(root.absolute())
    return full.relative_to(root.absolute()).as_posix() if inside else ""


def _distinct(found: Iterable[Found]) -> Iterator[Found]:
    seen: set[str] = set()
    for each in found:
        if each.finding.fingerprint not in seen:
            seen.add(each.finding.fingerprint)
            yield each


def unsaid(answered: Answered, findings: Iterable[Finding]) -> list[Found]:
    """What servers found that no rule of ours says of the same line, and as gravely, already."""
    said = [(_line(each), each.severity) for each in findings]
    return [
        each
        for each in answered.found
        if not any(
            at is not None and at == _line(each.finding) and severity >= each.finding.severity
            for at, severity in said
        )
    ]


def _line(finding: Finding) -> tuple[str, int] | None:
    place = finding.operands[0].setting.place if finding.operands else None
    return (place.path, place.span.line) if place else None
