"""What a technology is recognized by: known without its reader, of which most runs need a few."""

from __future__ import annotations

from msgspec import Struct


class Signs(Struct, frozen=True):
    """The names of what belongs to one technology.

    *files*: globs of the names by which its files are known, the most telling first. *manifests*:
    of the files in which it describes services. *holds*: where such a name tells nothing (`*.yaml`,
    `*.js`), a regular expression (multiline) that is found in its files. *programs*: of its command.
    *images*: of its container; one with a tag (`php:*fpm*`) goes before those without.
    *accompanies*: technologies of the services whose application its files may belong to.
    *underlies*: technologies of the services that run in it and so have all of its settings,
    written or not. *variables*: of the environment, where it reads them for such services.
    *aliases*: other names under which plimsoll.yaml may speak of it. *makes*: the role of a store
    that it connects to: it keeps its jobs there.
    """

    files: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    accompanies: tuple[str, ...] = ()
    underlies: tuple[str, ...] = ()
    holds: str = ""
    variables: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    makes: str = ""
