"""Which of several values holds: whose php.ini is read, in which order, and what counts twice.

Source: PHP manual, The configuration file, Scan directories; measured on 8.2.35.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import shadowed
from plimsoll.model.setting import Block, Origin, Setting, Status
from plimsoll.syntax.expression_waiting import told
from plimsoll.technologies.php.values import KEPT, NO_UNIT, altered

# Lines of these load one more each.
ADD_UP = frozenset({"extension", "zend_extension"})
# What PHP serves through, as folders (/etc/php/8.2/fpm) and files (php-cli.ini) are named.
SERVED_THROUGH = ("fpm", "apache2", "cgi", "embed", "phpdbg", "cli")
_FILES = {
    "php-cli.ini": "cli",
    "php-fpm-fcgi.ini": "fpm",
    "php-apache2handler.ini": "apache2",
    "php-cgi-fcgi.ini": "cgi",
}
SAPI = "PHP_SAPI"  # the constant that tells a script
NO_FILE = "-n"  # the option that has no php.ini read
# What the command line's PHP has, whatever its files say.
FIXED_ON_COMMAND_LINE = {
    "max_execution_time": "0",
    "max_input_time": "-1",
    "html_errors": "0",
    "implicit_flush": "1",
    "register_argc_argv": "1",
    "output_buffering": "0",
}


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in the same order, with what holds, and what PHP makes of their values."""
    ordered = sorted(range(len(settings)), key=lambda at: (_rank(settings[at]), at))
    known = told([settings[at] for at in ordered], by_settings=True)
    served = _served(known)
    fixed = {each.name: each.text for each in known if each.origin is Origin.DEFAULT}
    has_files = all(each.name != NO_FILE for each in known)
    known = [_altered(_read(each, served, fixed, has_files=has_files)) for each in known]
    held = {_key(each): each for each in known if _counts(each)}
    found: list[Setting] = list(settings)
    for at, each in zip(ordered, known, strict=True):
        found[at] = each if each.name in ADD_UP else shadowed(each, held.get(_key(each)))
    return found


def _counts(setting: Setting) -> bool:
    """Whether it is what PHP looks at: one that it drops hides those before it all the same."""
    is_dropped = setting.status is Status.IGNORED and setting.reason.endswith(KEPT)
    return setting.status is Status.EFFECTIVE or is_dropped


def _key(setting: Setting) -> tuple[str, tuple[Block, ...]]:
    """Sections have no meaning but those of a host or a path."""
    return setting.name, tuple(b for b in setting.scope if b.kind != "section")


_RANKS = {Origin.DEFAULT: -1, Origin.FILE: 0, Origin.DROP_IN: 1, Origin.MANIFEST: 3}


def _rank(setting: Setting) -> tuple[int, str]:
    """php.ini comes first, then the others of the scanned folder by name, .user.ini, the rest."""
    name = setting.place.path.rpartition("/")[2] if setting.place else ""
    if setting.origin is not Origin.FILE or setting.place is None:
        return _RANKS.get(setting.origin, 4), ""
    if name in _FILES or name.startswith("php.ini") or name.endswith("php.ini"):
        return 0, ""
    return (2, "") if name == ".user.ini" else (1, name)


def _through(setting: Setting) -> str:
    """What the file is for, as its name or its folder says; empty where neither does."""
    if setting.origin is not Origin.FILE or setting.place is None:
        return ""
    *folders, name = setting.place.path.split("/")
    if name in _FILES:
        return _FILES[name]
    if folders and folders[-1] == "conf.d":
        folders.pop()
    return folders[-1] if folders and folders[-1] in SERVED_THROUGH else ""


def _served(settings: Sequence[Setting]) -> str:
    """What PHP serves through: as the command says, else as the first that files are there for."""
    said = next((s.text for s in settings if s.name == SAPI), "")
    there = {_through(each) for each in settings} - {""}
    if said and (said in there or not there):
        return said
    return next((each for each in SERVED_THROUGH if each in there), "")


def _read(setting: Setting, served: str, fixed: Mapping[str, str], *, has_files: bool) -> Setting:
    """*setting*, ignored where PHP does not read it."""
    if setting.status is not Status.EFFECTIVE or setting.origin is not Origin.FILE:
        return setting
    through = _through(setting)
    if not has_files:
        return replace(setting, status=Status.IGNORED, reason="-n: no php.ini is read")
    if through and served and through != served:
        reason = f"read by PHP as {through} only; here it runs as {served}"
        return replace(setting, status=Status.IGNORED, reason=reason)
    if setting.name in fixed:
        reason = f"the command line's PHP has {fixed[setting.name]}, whatever its files say"
        return replace(setting, status=Status.IGNORED, reason=reason)
    return setting


def _altered(setting: Setting) -> Setting:
    """*setting* with what PHP makes of a number that it does not understand as a whole."""
    if not isinstance(setting.value, Amount) or setting.reason:
        return setting
    odd = "" if setting.name in NO_UNIT else altered(setting.text)
    return replace(setting, reason=odd) if odd else setting
