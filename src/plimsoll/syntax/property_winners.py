"""Which of an application's properties hold: by profile and source, with placeholders filled.

Source: Spring Boot's reference, externalized configuration, profiles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.setting import Block, Origin, Setting, Status, Unknown
from plimsoll.syntax.environ import variables
from plimsoll.syntax.property_sources import bare, filled
from plimsoll.syntax.templates import UNRENDERED

PROFILE = "profile"  # the kind of block that a profile's settings stand in
_ACTIVE = ("springprofilesactive", "springprofilesinclude", "springprofilesdefault")
_RANKS = {"environment": 3, "-D": 4, "--": 5}
_WORD = re.compile(r"[\w.-]+")


def winners(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in order: those of profiles that are not active are ignored, of one name the
    highest source wins, placeholders are filled.
    """
    active = _active(settings)
    held = [_in_profile(each, active) for each in settings]
    order = sorted(range(len(held)), key=lambda n: (_rank(held[n]), n))
    best: dict[object, Setting] = {}
    for each in (held[n] for n in order):
        if each.status is Status.EFFECTIVE:
            best[_key(each)] = each
    known = {bare(each.name): each.text for each in best.values()}
    told = {name: word.text for name, word in variables(settings).items()}
    return [_filled(_against(each, best.get(_key(each))), known, told) for each in held]


def _key(each: Setting) -> object:
    """Settings of profiles are of the same property as those of none."""
    return bare(each.name), tuple(
        (block.kind, block.name) for block in each.scope if block.kind != PROFILE
    )


def _active(settings: Sequence[Setting]) -> frozenset[str] | None:
    """The profiles that somebody says are active; None where nobody says."""
    said = [
        each
        for each in settings
        if bare(each.name) in _ACTIVE and not _profile(each) and each.status is Status.EFFECTIVE
    ]
    told = variables(settings).get("SPRING_PROFILES_ACTIVE")
    texts = [each.text for each in said] + ([told.text] if told else [])
    return frozenset(word for text in texts for word in _WORD.findall(text)) if texts else None


def _profile(each: Setting) -> str:
    return next((block.name for block in each.scope if block.kind == PROFILE), "")


def _in_profile(each: Setting, active: frozenset[str] | None) -> Setting:
    wanted = _profile(each)
    if not wanted or each.status is not Status.EFFECTIVE or _holds(wanted, active or frozenset()):
        return each
    nobody = "; nobody says which are: SPRING_PROFILES_ACTIVE" if active is None else ""
    reason = f"the profile {wanted} is not active{nobody}"
    return replace(each, status=Status.IGNORED, reason=reason)


def _holds(expression: str, active: frozenset[str]) -> bool:
    """Whether one of the alternatives of a profile expression holds: `a & !b, c | d`."""
    for option in re.split(r"[,|]", expression):
        words = [word.strip(" ()") for word in option.split("&")]
        if all((word.lstrip("!") in active) != word.startswith("!") for word in words if word):
            return True
    return False


def _rank(each: Setting) -> tuple[int, bool]:
    path = each.place.path if each.place else ""
    rank = _RANKS.get(each.belongs, 3 if each.origin is Origin.ENVIRONMENT else 2)
    if each.origin in (Origin.FILE, Origin.DROP_IN, Origin.MANIFEST) and not each.belongs:
        rank = 1 if _profile(each) else 0
    if each.origin is Origin.DEFAULT:
        rank = -1
    return rank, path.endswith(".properties")  # which goes before YAML of the same place


def _against(each: Setting, winner: Setting | None) -> Setting:
    if winner is None or winner is each or each.status is not Status.EFFECTIVE:
        return each
    return replace(each, status=Status.SHADOWED, winner=winner)


def _filled(each: Setting, known: Mapping[str, str], told: Mapping[str, str]) -> Setting:
    if "${" not in each.text or not isinstance(each.value, Unknown):
        return each
    if each.value.reason == UNRENDERED:
        return each

    def look(name: str) -> str | None:
        if name in told:
            return told[name]
        said = known.get(bare(name))
        return None if said is None or said == each.text else said

    found = filled(each.text, look)
    if not found.is_known:
        names = ", ".join(dict.fromkeys(found.missing)) or each.text[:40]
        return replace(each, value=Unknown(f"nobody gives {names}"))
    unless = f"unless the environment sets {', '.join(found.missing)}" if found.missing else ""
    return replace(each, text=found.text, value=None, reason=each.reason or unless)


def scope_of(profile: str, *more: Block) -> tuple[Block, ...]:
    """The blocks of a property: its profile's, if it has one, around the others."""
    return (Block(PROFILE, profile), *more) if profile else more
