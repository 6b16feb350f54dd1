"""The language server: what the editor says goes to the documents and to who checks them."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from lsprotocol import types
from msgspec import Struct, field
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter
from pygls.protocol.language_server import lsp_method
from pygls.uris import from_fs_path, to_fs_path

from plimsoll import __version__
from plimsoll.editor.actions import Action, TextEdit, actions
from plimsoll.editor.diagnostics import Told, told
from plimsoll.editor.documents import Document, Documents, Edit
from plimsoll.editor.hover import explained, settings_at
from plimsoll.editor.positions import Position, Text, Unit
from plimsoll.editor.stacks import Checked, Open, Options, WatchedStack
from plimsoll.editor.streams import BoundedReader, LockedWriter
from plimsoll.editor.worker import Request, Worker
from plimsoll.model.finding import Finding, Fix, Severity
from plimsoll.model.place import Place
from plimsoll.model.setting import Unread
from plimsoll.stack import NAME
from plimsoll.stack.files import Folder
from plimsoll.syntax.text import decoded, encoded

SOURCE = "plimsoll"
_SEVERITIES = {
    Severity.CRITICAL: types.DiagnosticSeverity.Error,
    Severity.HIGH: types.DiagnosticSeverity.Error,
    Severity.MEDIUM: types.DiagnosticSeverity.Warning,
    Severity.LOW: types.DiagnosticSeverity.Information,
    None: types.DiagnosticSeverity.Hint,
}
_PATIENCE_S = 5.0  # an answer about a text waits so long for its check


class _Protocol(LanguageServerProtocol):
    """Without pygls's own texts: ours are split into lines as the protocol says."""

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Iterator[Any]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Iterator[Any]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(
        self, params: types.DidCloseTextDocumentParams
    ) -> Iterator[Any]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None


class _Watched(Struct):
    """A stack that has open files. *sent*: what its files show, by URI."""

    stack: WatchedStack
    documents: dict[str, Document] = field(default_factory=dict)  # by path in the stack
    checked: Checked | None = None
    shown: dict[str, list[Told]] = field(default_factory=dict)
    sent: dict[str, types.PublishDiagnosticsParams] = field(default_factory=dict)


class Session:
    """One editor that is served, from its first message to its last."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._documents = Documents()
        self._folders: list[Path] = []
        self._watched: dict[Path, _Watched] = {}
        self._home: dict[str, Path] = {}  # of a document's URI, the root of its stack
        self._arrivals: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()  # what is shown, and what was sent
        self._is_shut_down = False
        self.worker = Worker(self._tell)
        self.server = LanguageServer(
            SOURCE, __version__, protocol_cls=_Protocol, converter_factory=default_converter
        )
        self._register()

    def serve(self, source: BinaryIO, target: BinaryIO) -> bool:
        """Talks until the editor says goodbye or is gone; whether it said goodbye as it should."""
        reader = cast("BinaryIO", BoundedReader(source))
        writer = cast("BinaryIO", LockedWriter(target))
        try:
            self.server.start_io(reader, writer)
        finally:
            self.worker.stop()
        return self._is_shut_down

    # ------------------------------------------------------------------------------ what is said

    def _register(self) -> None:
        self._on(types.INITIALIZE, self._initialize)
        self._on(types.INITIALIZED, self._initialized)
        self._on(types.SHUTDOWN, self._shutdown)
        self._on(types.TEXT_DOCUMENT_DID_OPEN, self._did_open)
        self._on(types.TEXT_DOCUMENT_DID_CHANGE, self._did_change)
        self._on(types.TEXT_DOCUMENT_DID_SAVE, self._look_again)
        self._on(types.TEXT_DOCUMENT_DID_CLOSE, self._did_close)
        self._on(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, self._look_again)
        self._on(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, self._change_folders)
        self._on_question(types.TEXT_DOCUMENT_HOVER, self._hover)
        acting = types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix], resolve_provider=True
        )
        self._on_question(types.TEXT_DOCUMENT_CODE_ACTION, self._code_action, acting)
        self._on_question(types.CODE_ACTION_RESOLVE, self._resolve)

    def _on(self, method: str, answer: Callable[[Any], Any], options: Any = None) -> None:
        """Has *answer* called; pygls marks what it is given, which a method cannot be."""

        @self.server.feature(method, options)
        def handle(params: Any) -> Any:
            return answer(params)

    def _on_question(
        self, method: str, answer: Callable[[Any], Awaitable[Any]], options: Any = None
    ) -> None:
        """As `_on`, for what may take a while."""

        @self.server.feature(method, options)
        async def handle(params: Any) -> Any:
            return await answer(params)

    def _initialize(self, params: types.InitializeParams) -> None:
        self._loop = asyncio.get_running_loop()
        self._arrivals = asyncio.Event()
        encoding = self.server.workspace.position_encoding or types.PositionEncodingKind.Utf16
        self._documents.unit = Unit(str(getattr(encoding, "value", encoding)))
        uris = [each.uri for each in params.workspace_folders or []]
        if not uris and params.root_uri:
            uris = [params.root_uri]
        self._folders = [path for uri in uris if (path := _path(uri))]

    def _initialized(self, _params: types.InitializedParams) -> None:
        """Asks to hear of files that change on the disk, where the editor can tell."""
        workspace = self.server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching is None or not watching.dynamic_registration:
            return
        watchers = [types.FileSystemWatcher(glob_pattern="**/*")]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration(id=SOURCE, method=method, register_options=options)
        self.server.client_register_capability(
            types.RegistrationParams(registrations=[registration])
        )

    def _shutdown(self, _params: object = None) -> None:
        self._is_shut_down = True
        self.worker.stop()

    def _did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        path = _path(item.uri)
        if path is not None:
            self._documents.open(Document(item.uri, path, item.version, item.text))
            self._settle(looks_again=True)

    def _did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        item = params.text_document
        edits = [_edit(each) for each in params.content_changes]
        document = self._documents.change(item.uri, item.version, edits)
        root = self._home.get(item.uri)
        if document is not None and root is not None:
            watched = self._watched[root]
            watched.documents[_inside(root, document.path)] = document
            self._ask(watched)

    def _did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        if self._documents.close(params.text_document.uri) is not None:
            self._settle(looks_again=True)

    def _look_again(self, _params: object) -> None:
        self._settle(looks_again=True)

    def _change_folders(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        removed = {_path(each.uri) for each in params.event.removed}
        added = [path for each in params.event.added if (path := _path(each.uri))]
        self._folders = [each for each in self._folders if each not in removed] + added
        self._settle(looks_again=True)

    # ------------------------------------------------------------------------ which stack is meant

    def _settle(self, *, looks_again: bool) -> None:
        """Every open file to its stack; those that have none are dropped, the others checked."""
        open_ = list(self._documents)
        stated = {each.path.parent for each in open_ if each.path.name == NAME}
        homes: dict[Path, tuple[bool, dict[str, Document]]] = {}
        self._home = {}
        for each in open_:
            root, is_lone = home_of(each.path, self._folders, stated)
            self._home[each.uri] = root
            homes.setdefault(root, (is_lone, {}))[1][_inside(root, each.path)] = each
        for root in set(self._watched) - set(homes):
            self._forget(root)
        for root, (is_lone, documents) in homes.items():
            known = self._watched.get(root)
            if known is None or known.stack.is_lone != is_lone:
                stack = WatchedStack(root, self._options, is_lone=is_lone)
                known = self._watched[root] = _Watched(stack)
            known.documents = documents
            self._ask(known, looks_again=looks_again)

    def _forget(self, root: Path) -> None:
        self.worker.drop(root)
        with self._lock:
            for uri in self._watched.pop(root).sent:
                self.server.text_document_publish_diagnostics(
                    types.PublishDiagnosticsParams(uri=uri, diagnostics=[])
                )

    def _ask(self, watched: _Watched, *, looks_again: bool = False) -> None:
        texts = {
            path: Open(each.version, encoded(each.text)) for path, each in watched.documents.items()
        }
        self.worker.ask(Request(watched.stack, texts, looks_again))

    # ------------------------------------------------------------------------------ what is found

    def _tell(self, checked: Checked) -> None:
        """Shows what was found; in the thread that checks."""
        shown = told(checked)
        with self._lock:
            watched = self._watched.get(checked.root)
            if watched is None or self._is_shut_down:
                return
            before, watched.sent = watched.sent, {}
            for params in self._params(checked, shown):
                known = before.pop(params.uri, None)
                watched.sent[params.uri] = params
                if params != known:
                    self.server.text_document_publish_diagnostics(params)
            for uri, known in before.items():
                if known.diagnostics:
                    self.server.text_document_publish_diagnostics(
                        types.PublishDiagnosticsParams(uri=uri, diagnostics=[])
                    )
            watched.checked, watched.shown = checked, shown
        if self._loop is not None and self._arrivals is not None:
            self._loop.call_soon_threadsafe(self._arrivals.set)

    def _params(
        self, checked: Checked, shown: dict[str, list[Told]]
    ) -> Iterator[types.PublishDiagnosticsParams]:
        texts = _Texts(checked, self._documents.unit)
        uris = {path: each.uri for path, each in self._watched[checked.root].documents.items()}
        for path in dict.fromkeys((*shown, *checked.versions)):
            found = [self._diagnostic(each, checked, texts) for each in shown.get(path, ())]
            uri = uris.get(path) or _uri(checked.root, path)
            version = checked.versions.get(path)
            yield types.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=version)

    def _diagnostic(self, each: Told, checked: Checked, texts: _Texts) -> types.Diagnostic:
        page = types.CodeDescription(href=Path(each.page).as_uri()) if each.page else None
        related = [
            types.DiagnosticRelatedInformation(
                location=types.Location(
                    uri=_uri(checked.root, other.place.path), range=texts.range(other.place)
                ),
                message=other.message,
            )
            for other in each.related
        ]
        return types.Diagnostic(
            range=texts.range(each.place),
            message=each.message,
            severity=_SEVERITIES[each.severity],
            code=each.code,
            code_description=page,
            source=SOURCE,
            related_information=related or None,
        )

    async def _fresh(self, uri: str) -> tuple[Document, _Watched, Checked] | None:
        """What was found in the text as it is now; None where nobody knows in time."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE_S
        while (document := self._documents.get(uri)) and self._arrivals is not None:
            watched = self._watched.get(self._home.get(uri, Path()))
            checked = watched.checked if watched else None
            if watched is None:
                return None
            versions = {path: each.version for path, each in watched.documents.items()}
            if checked is not None and checked.versions == versions:
                return document, watched, checked
            self._arrivals.clear()
            left = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self._arrivals.wait(), max(0.0, left))
            except TimeoutError:
                return None
        return None

    # ----------------------------------------------------------------------------- what is answered

    async def _hover(self, params: types.HoverParams) -> types.Hover | None:
        found = await self._fresh(params.text_document.uri)
        if found is None:
            return None
        document, watched, checked = found
        path = _inside(watched.stack.root, document.path)
        text = Text(document.text, self._documents.unit)
        at = text.span(_position(params.position), _position(params.position))
        for outcome in checked.outcomes:
            operands = settings_at(outcome.stack, path, at.line, at.column)
            if operands:
                said = explained(operands, outcome, checked.rules)
                content = types.MarkupContent(kind=types.MarkupKind.Markdown, value=said)
                place = operands[0].setting.place
                where = _range(text, place) if place else None
                return types.Hover(contents=content, range=where)
        return None

    async def _code_action(self, params: types.CodeActionParams) -> list[types.CodeAction] | None:
        found = await self._fresh(params.text_document.uri)
        if found is None:
            return None
        document, watched, checked = found
        path = _inside(watched.stack.root, document.path)
        texts = _Texts(checked, self._documents.unit)
        made = []
        for each in watched.shown.get(path, ()):
            where = texts.range(each.place)
            if _touches(where, params.range):
                diagnostic = self._diagnostic(each, checked, texts)
                if each.finding is not None and each.finding.repair:
                    made.append(_repair(each, diagnostic, document.uri))
                found_ = actions(each, document.text, _statement(watched), self._options.today())
                made += [self._action(one, diagnostic, watched, texts) for one in found_]
        return made

    async def _resolve(self, action: types.CodeAction) -> types.CodeAction:
        """The edits of a repair: they take a while, so they are found when one is chosen."""
        data = action.data if isinstance(action.data, dict) else {}
        found = await self._fresh(str(data.get("uri", "")))
        if found is None:
            return action
        _, watched, checked = found
        finding = next(
            (
                each
                for outcome in checked.outcomes
                for each in outcome.findings
                if each.fingerprint == data.get("finding")
            ),
            None,
        )
        if finding is None:
            return action
        fixes, problem = await asyncio.to_thread(_fixes, watched.stack, checked, finding)
        first = next((each for each in fixes if each.edits), None)
        if first is None:
            told_ = problem or "; ".join(each for fix in fixes for each in fix.told)
            said = told_ or f"no change within the limits repairs {finding.rule}"
            message = types.ShowMessageParams(type=types.MessageType.Warning, message=said)
            self.server.window_show_message(message)
            return action
        edits = tuple(TextEdit(each.path, each.span, each.text) for each in first.edits)
        texts = _Texts(checked, self._documents.unit)
        diagnostic = next(iter(action.diagnostics or ()), None)
        made = self._action(Action(action.title, edits), diagnostic, watched, texts)
        action.edit = made.edit
        return action

    def _action(
        self, action: Action, diagnostic: types.Diagnostic | None, watched: _Watched, texts: _Texts
    ) -> types.CodeAction:
        changes: list[Any] = []
        for path in dict.fromkeys(each.path for each in action.edits):
            edits = [each for each in action.edits if each.path == path]
            document = watched.documents.get(path)
            uri = document.uri if document else _uri(watched.stack.root, path)
            if any(each.is_new for each in edits):
                changes.append(types.CreateFile(uri=uri))
            changes.append(
                types.TextDocumentEdit(
                    text_document=types.OptionalVersionedTextDocumentIdentifier(
                        uri=uri, version=document.version if document else None
                    ),
                    edits=[
                        types.TextEdit(range=texts.edited(each), new_text=each.text)
                        for each in edits
                    ],
                )
            )
        return types.CodeAction(
            title=action.title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic] if diagnostic else None,
            edit=types.WorkspaceEdit(document_changes=changes),
            is_preferred=action.is_preferred or None,
        )


def _repair(each: Told, diagnostic: types.Diagnostic, uri: str) -> types.CodeAction:
    """The smallest change that makes it fit, to be found when it is chosen."""
    finding = each.finding.fingerprint if each.finding else ""
    return types.CodeAction(
        title=f"Repair {each.code}",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        is_preferred=True,
        data={"uri": uri, "finding": finding},
    )


def _fixes(stack: WatchedStack, checked: Checked, finding: Finding) -> tuple[tuple[Fix, ...], str]:
    """What repairs a finding, and why nothing was looked for."""
    from plimsoll.check.fix import NoSolverError

    try:
        return stack.fixes(checked, finding), ""
    except NoSolverError as problem:
        return (), str(problem)


class _Texts:
    """The texts of a check, for telling its places as the editor counts."""

    def __init__(self, checked: Checked, unit: Unit) -> None:
        self._texts = {
            path: text for each in checked.outcomes for path, text in each.stack.texts.items()
        } | {path: decoded(each.data) for path, each in checked.open.items()}
        self._root = checked.root
        self._unit = unit
        self._known: dict[str, Text] = {}

    def range(self, place: Place) -> types.Range:
        return _range(self._text(place.path), place)

    def edited(self, edit: TextEdit) -> types.Range:
        return self.range(Place(edit.path, edit.span))

    def _text(self, path: str) -> Text:
        if path not in self._known:
            text = self._texts.get(path)
            if text is None:
                read = Folder(self._root).text(path)
                text = "" if isinstance(read, Unread) else read
            self._known[path] = Text(text, self._unit)
        return self._known[path]


def home_of(path: Path, folders: Sequence[Path], stated: set[Path]) -> tuple[Path, bool]:
    """The root of the stack that a file belongs to, and whether it is none but the file's folder.

    The nearest folder above it with a plimsoll.yaml (*stated*: those that is open in); else the
    editor's folder that holds it.
    """
    inside = [each for each in folders if path.is_relative_to(each)]
    nearest = next((p for p in path.parents if p in stated or (p / NAME).is_file()), None)
    if inside:
        innermost = max(inside, key=lambda each: len(each.parts))
        outermost = min(inside, key=lambda each: len(each.parts))
        if nearest is None or not nearest.is_relative_to(outermost):
            return innermost, False
    return (nearest, False) if nearest else (path.parent, True)


def _statement(watched: _Watched) -> str | None:
    """The text of plimsoll.yaml as it is now; None where there is none."""
    if NAME in watched.documents:
        return watched.documents[NAME].text
    read = Folder(watched.stack.root).text(NAME)
    return None if isinstance(read, Unread) else read


def _path(uri: str) -> Path | None:
    """The file that a URI means; None where it means none."""
    if not uri.startswith("file:"):
        return None
    found = to_fs_path(uri)
    return Path(found) if found else None


def _uri(root: Path, path: str) -> str:
    return str(from_fs_path(str(root / path)))


def _inside(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _position(at: types.Position) -> Position:
    return Position(at.line, at.character)


def _edit(change: types.TextDocumentContentChangeEvent) -> Edit:
    if isinstance(change, types.TextDocumentContentChangePartial):
        return Edit(change.text, _position(change.range.start), _position(change.range.end))
    return Edit(change.text)


def _range(text: Text, place: Place) -> types.Range:
    """Where the value stands; of what has none, all of it."""
    start, end = text.ends(place.value or place.span)
    return types.Range(
        types.Position(start.line, start.character), types.Position(end.line, end.character)
    )


def _touches(one: types.Range, other: types.Range) -> bool:
    def at(position: types.Position) -> tuple[int, int]:
        return position.line, position.character

    return at(one.start) <= at(other.end) and at(other.start) <= at(one.end)


def serve(options: Options, source: BinaryIO, target: BinaryIO) -> bool:
    """Serves one editor over two streams; whether it said goodbye as it should.

    The main thread checks, since only there the bounds of what one file may cost are kept.
    """
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # what it logs are whole texts
    session = Session(options)
    ended: list[bool] = []
    talk = threading.Thread(target=lambda: ended.append(session.serve(source, target)), daemon=True)
    talk.start()
    session.worker.run()
    talk.join(_PATIENCE_S)
    return ended == [True]
