"""From drafts to services: their files read, their values settled, their limits gathered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Deployment, Endpoint, Reader, Word
from plimsoll.model.schema import Schema, key
from plimsoll.model.setting import Setting, Unread
from plimsoll.model.signs import Signs
from plimsoll.model.stack import NO_SCHEMA, Host, Part, Running, Service
from plimsoll.model.version import Version
from plimsoll.stack.draft import Draft, folder_of
from plimsoll.stack.embedded import with_embedded
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Files
from plimsoll.stack.limits import service_limits
from plimsoll.stack.recognize import folder_here, readers, runtimes
from plimsoll.stack.settle import held, parts, root_part, settled
from plimsoll.technologies import reader_of, signs, technology

NOT_ASKED = Running()


class Assembled(Struct, frozen=True):
    """A service, the addresses that it speaks of, and what could not be read of it."""

    service: Service
    endpoints: tuple[Endpoint, ...]
    unread: tuple[Unread, ...]
    texts: Mapping[str, str]
    is_named_unread: bool


def assembled(
    draft: Draft,
    files: Files,
    host: Host | None,
    measured: Mapping[str, Setting],
    running: Running = NOT_ASKED,
) -> Assembled:
    """The service that a draft becomes; what it says of itself as it runs wins."""
    read = with_embedded(files, draft.deployments)
    return _Assembly(draft, read, host, {**measured, **running.measured}, running).done()


class _Assembly(Struct):
    draft: Draft
    files: Files
    host: Host | None
    measured: Mapping[str, Setting]
    running: Running
    settings: list[Setting] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    around: list[Part] = field(default_factory=list)
    endpoints: list[Endpoint] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    _gap: str = ""

    def done(self) -> Assembled:
        draft = self.draft
        expansion = Expansion(self.files, draft.mounts)
        for deployment in draft.deployments:
            self._deployment(deployment)
        own, others = self._read(expansion)
        schema, main = self._own(own)
        for name, settings in others.items():
            self._accompanying(name, settings)
        service = Service(
            name=draft.name,
            technology=draft.technology,
            version=_version(draft),
            host=self.host.name if self.host else None,
            settings=tuple(self.settings),
            held=main,
            parts=(*self.around, *self.parts),
            limits=service_limits(self.host, self.around, self._stated_limits()),
            stated=self._stated(),
            measured=self.measured,
            roles=(draft.statement.role,) if draft.statement and draft.statement.role else (),
            schema=schema,
            files=tuple(expansion.opened),
            gap=draft.gap or self._gap or expansion.gap(reader_of(draft.technology)),
            place=self._place(),
        )
        named = {w.text for w in draft.statement.files} if draft.statement else set()
        unread = (*expansion.unread, *self.unread)
        return Assembled(
            service=service,
            endpoints=tuple(self.endpoints),
            unread=unread,
            texts=expansion.opened,
            is_named_unread=any(u.path in named and u.place is None for u in unread),
        )

    # -- reading

    def _read(self, expansion: Expansion) -> tuple[list[Setting], dict[str, list[Setting]]]:
        """Settings of its own technology in the server's order, and those of each other."""
        told: list[tuple[str, str, list[Setting]]] = []  # path, technology, settings
        for path in self.draft.files:
            names = [n for n in readers(self.files, path, self.draft) if reader_of(n)]
            told += [(path, n, expansion.file(path, r)) for n in names if (r := reader_of(n))]
            if not names:
                what = f"no reader for such a file of {self.draft.technology or 'a service'} yet"
                self.unread.append(Unread(path, what))
                self._gap = f"{path} was not read: {what}"
        command = self._command(expansion)
        own: list[Setting] = []
        others: dict[str, list[Setting]] = {name: [] for name in runtimes(self.draft)}
        for path, name, settings in told:
            if expansion.is_included(path, reader_of(name)):
                continue  # it stands where another file or the command line includes it
            (own if name == self.draft.technology else others.setdefault(name, [])).extend(settings)
        for name, settings in others.items():
            settings += self._told(name, expansion)
        return [*own, *command], others

    def _command(self, expansion: Expansion) -> list[Setting]:
        """What the command line and the environment say, with the files that they name."""
        words = self._words()
        if not words and not self.draft.environment:
            return []
        own = signs().get(self.draft.technology, Signs())
        words = words or (Word("".join(own.programs[:1])),)
        return self._arguments(self.draft.technology, words, expansion)

    def _told(self, name: str, expansion: Expansion) -> list[Setting]:
        """What they say to a technology that belongs to the service: to a runtime also the words."""
        words = self._words() if self.draft.technology in signs()[name].underlies else ()
        return self._arguments(name, words, expansion)

    def _arguments(self, name: str, words: Sequence[Word], expansion: Expansion) -> list[Setting]:
        reader = reader_of(name)
        if reader is None or reader.arguments is None:
            return []
        folder = next((d.directory for d in self.draft.deployments if d.directory), "")
        items = reader.arguments(words, self.draft.environment)
        return expansion.items(items, reader, self._here(folder))

    def _words(self) -> Sequence[Word]:
        stated = self.draft.statement
        return _split(stated.command) if stated and stated.command else self.draft.command

    def _here(self, folder: str) -> str:
        """Where a working directory lies in the checked folder; its manifest's folder by default."""
        for here, there in self.draft.mounts:
            if folder and folder.rstrip("/") == there.rstrip("/"):
                return here
        here = folder_here(self.files, folder)
        if here:
            return here
        if self.draft.deployments:
            return folder_of(self.draft.deployments[0].place.path)
        return folder_of(self.draft.files[0]) if self.draft.files else ""

    # -- settling

    def _own(self, settings: Sequence[Setting]) -> tuple[Schema, dict[str, Setting]]:
        known = technology(self.draft.technology) if self.draft.technology else None
        stated = self.draft.statement.settings if self.draft.statement else ()
        if known is None:
            raw = [replace(s, technology=self.draft.technology, value=s.text) for s in stated]
            self.settings += raw
            return NO_SCHEMA, {s.name.replace("-", "_").replace(".", "_"): s for s in raw}
        if known.reader is None:
            return known.schema, {}
        version = _version(self.draft)
        asked = {key(each.name) for each in self.running.settings}
        written = [s for s in (*settings, *stated) if s.scope or key(s.name) not in asked]
        every = [*written, *self.running.settings]
        found = settled(known.reader, known.schema, every, version)
        self._keep(found, known.reader, known.schema)
        return known.schema, held(found, known.reader)

    def _deployment(self, deployment: Deployment) -> None:
        known = technology(deployment.technology)
        if known is None or known.reader is None:
            return
        reader, schema = known.reader, known.schema
        found = settled(reader, schema, deployment.settings)
        root = root_part(
            found,
            reader,
            schema,
            service=self.draft.name,
            name=deployment.name,
            place=deployment.place,
        )
        self.around.append(root)
        self._keep(found, reader, schema, root)

    def _accompanying(self, name: str, settings: Sequence[Setting]) -> None:
        known = technology(name)
        if known is None or known.reader is None:
            return
        reader, schema = known.reader, known.schema
        found = settled(reader, schema, settings)
        root = None
        if reader.root:
            root = root_part(found, reader, schema, service=self.draft.name, name=name, place=None)
            self.parts.append(root)
        self._keep(found, reader, schema, root)

    def _keep(
        self, found: Sequence[Setting], reader: Reader, schema: Schema, root: Part | None = None
    ) -> None:
        version = _version(self.draft) if schema.technology == self.draft.technology else None
        self.settings += found
        self.parts += parts(
            found, reader, schema, service=self.draft.name, version=version, root=root
        )
        if reader.endpoints is not None:
            self.endpoints += reader.endpoints(found)

    # -- what is stated

    def _stated_limits(self) -> dict[str, Setting]:
        statement = self.draft.statement
        if statement is None:
            return dict(self.running.limits)
        own = {n: s for n, s in statement.amounts.items() if n in ("memory", "cores")}
        return {**own, **statement.limits, **self.running.limits}

    def _stated(self) -> dict[str, Setting]:
        """Replicas and surge: what a manifest says, and above it what plimsoll.yaml says."""
        found: dict[str, Setting] = {}
        for part in self.around:
            for entry in part.schema.entries.values():
                if entry.gives in ("replicas", "replicas_max", "surge"):
                    setting = part.own(entry.name)
                    if setting is not None:
                        found[entry.gives] = setting
        statement = self.draft.statement
        if statement is not None:
            amounts = statement.amounts
            found |= {n: s for n, s in amounts.items() if n not in ("memory", "cores")}
        return found

    def _place(self) -> Place | None:
        if self.draft.statement:
            return self.draft.statement.place
        return self.draft.deployments[0].place if self.draft.deployments else None


def _split(command: Word) -> tuple[Word, ...]:
    from plimsoll.syntax.shell import words  # many stacks have no command line

    return tuple(words(command.text, command.place))


def _version(draft: Draft) -> Version | None:
    """What is stated or tagged; else what the paths say: /usr/lib/postgresql/15/bin/postgres."""
    in_path = re.compile(rf"(?:^|/){re.escape(draft.technology)}/([0-9]+(?:\.[0-9]+)*)/")
    paths = (*(word.text for word in draft.command[:1]), *draft.files)
    told = next((found[1] for path in paths if (found := in_path.search(path))), "")
    try:
        return Version(draft.version or told)
    except ValueError:
        return None
