"""What a technology is recognized by: known without its reader, of which most runs need a few."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """The names of what belongs to one technology.

    *files*: globs of the names by which its files are known, the most telling first. *manifests*:
    of the files in which it describes services. *programs*: of its command. *images*: of its
    container. *accompanies*: technologies of the services whose application its files may belong
    to.
    """

    files: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    accompanies: tuple[str, ...] = ()
