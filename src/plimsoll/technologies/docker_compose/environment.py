"""The environment of a container: its files, the later over the earlier, then `environment:`."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Origin, Setting, Status, Unknown, Unread
from plimsoll.syntax.env_file import Variable
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.docker_compose.containers import word_of
from plimsoll.technologies.docker_compose.flatten import is_secret
from plimsoll.technologies.docker_compose.project import Project, joined, variables_of
from plimsoll.technologies.docker_compose.tree import Items, Leaf, Table, Tree

_NOT_TOLD = "the environment of who starts it has the value"


class Environment(Struct):
    """*settings*: of the files; those of `environment:` are among the service's own."""

    words: dict[str, Word] = field(default_factory=dict)
    settings: list[Setting] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def environment_of(service: Table, project: Project, scope: tuple[Block, ...]) -> Environment:
    found = Environment()
    own = service.table("environment")
    for path, is_required, at in _files(service.entries.get("env_file")):
        text = project.opened(path)
        if not isinstance(text, Unread):
            found.files.append(path)
            for variable, value in variables_of(project, path, text):
                _take(found, variable, value, scope)
        elif is_required:
            reason = f"{path or at.text} is not at hand: its variables are not known"
            found.unread.append(Unread(at.place.path, reason, at.place))
    for name, leaf in (own.entries if own else {}).items():
        if isinstance(leaf, Leaf):
            found.words[name] = _own_word(name, leaf, project)
    return found


def told(setting: Setting, found: Environment) -> Setting:
    """*setting* with the value of a variable that it only names; shadowed where another wins."""
    word = found.words.get(setting.name.removeprefix("environment."))
    if word is None or not setting.name.startswith("environment."):
        return setting
    if word.place != setting.place:
        reason = "a later file or environment: gives the variable"
        return replace(setting, status=Status.SHADOWED, reason=setting.reason or reason)
    if isinstance(setting.value, Unknown) and not isinstance(word, Uncertain):
        return replace(setting, text=word.text, value=None)
    return setting


def _files(listed: Tree | None) -> Iterator[tuple[str, bool, Leaf]]:
    """The environment files, whether they have to be there, and where they are named."""
    for each in listed.entries if isinstance(listed, Items) else (listed,):
        leaf = each.leaf("path") if isinstance(each, Table) else each
        if isinstance(leaf, Leaf) and leaf.text and not leaf.unknown:
            is_required = not isinstance(each, Table) or each.text("required") != "false"
            folder = leaf.place.path.rpartition("/")[0]
            path = "" if leaf.text.startswith("/") else joined(folder, leaf.text)
            yield path, is_required, leaf


def _take(
    found: Environment, variable: Variable, value: str | None, scope: tuple[Block, ...]
) -> None:
    text = value if value is not None else variable.value.text if variable.value else ""
    unknown = Unknown(_NOT_TOLD) if value is None else None
    name, place = variable.name, variable.place
    found.words[name] = Uncertain(text, place, value=unknown) if unknown else Word(text, place)
    found.settings.append(
        Setting(
            name=f"environment.{name}",
            text=text,
            place=place,
            scope=scope,
            origin=Origin.FILE,
            value=unknown,
            is_secret=is_secret(f"environment.{name}"),
        )
    )


def _own_word(name: str, leaf: Leaf, project: Project) -> Word:
    """A variable of `environment:`; one without a value comes from who starts it, or `.env`."""
    if not leaf.is_null:
        return word_of(leaf)
    value = project.environment.get(name)
    if value is None:
        return Uncertain(f"${{{name}}}", leaf.place, value=Unknown(_NOT_TOLD))
    return Word(value, leaf.place)
