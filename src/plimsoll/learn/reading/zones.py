"""Time zones as people name them: letters, words, offsets and places."""

from __future__ import annotations

import re
from datetime import date, timedelta

from msgspec import Struct

# Minutes east of Greenwich. Letters are taken at their word: PST in May stays eight hours behind.
# BST is British summer time and IST Indian time; a text that means others contradicts itself.
_LETTERS = {
    "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "CET": 60, "WAT": 60, "WEST": 60, "MEZ": 60,
    "CEST": 120, "MESZ": 120, "CAT": 120, "EET": 120, "SAST": 120, "EEST": 180, "EAT": 180, "MSK": 180,
    "TRT": 180, "GST": 240, "PKT": 300, "IST": 330, "NPT": 345, "ICT": 420, "WIB": 420, "SGT": 480,
    "HKT": 480, "PHT": 480, "AWST": 480, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "NZST": 720,
    "NZDT": 780, "BRT": -180, "ART": -180, "CLT": -240, "EST": -300, "EDT": -240, "CST": -360,
    "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "HST": -600,
}  # fmt: skip
# Zones of the United States whose offset depends on the date: standard time.
_BY_DATE = {"PT": -480, "MT": -420, "CT": -360, "ET": -300}
_WORDS = {
    "pacific time": "PT", "pacific standard time": "PST", "pacific daylight time": "PDT",
    "eastern time": "ET", "eastern standard time": "EST", "eastern daylight time": "EDT",
    "central standard time": "CST", "central daylight time": "CDT",
    "mountain time": "MT", "mountain standard time": "MST",
    "coordinated universal time": "UTC", "universal time": "UTC", "greenwich mean time": "GMT",
    "east africa time": "EAT", "east african time": "EAT", "eastern africa time": "EAT",
    "west africa time": "WAT", "west african time": "WAT", "west central africa time": "WAT",
    "west central africa standard timezone": "WAT", "west central africa standard time": "WAT",
    "central africa time": "CAT", "central african time": "CAT", "south africa standard time": "SAST",
    "central european time": "CET", "central european summer time": "CEST",
    "british summer time": "BST", "indian standard time": "IST", "india standard time": "IST",
    "japan standard time": "JST", "korea standard time": "KST", "moscow time": "MSK",
    "日本時間": "JST", "北京时间": "UTC+8", "北京時間": "UTC+8", "по москве": "MSK", "мск": "MSK",
    "한국시간": "KST", "한국 시간": "KST", "hora de brasília": "BRT", "horário de brasília": "BRT",
    "heure de paris": "Europe/Paris", "heures de paris": "Europe/Paris",
    "hora de madrid": "Europe/Madrid", "hora peninsular": "Europe/Madrid",
}  # fmt: skip
_PLACES = (
    "Europe|America|Africa|Asia|Australia|Pacific|Atlantic|Indian|Antarctica"  # of the IANA's list
)
ZONE = re.compile(
    r"(?P<named>(?:UTC|GMT)\s?[+\-\u2212]\s?\d{1,2}(?::?[0-5]\d)?(?!\d))"
    r"|(?P<offset>[+\-\u2212](?:0\d|1[0-4])(?::[0-5]\d|[0-5]\d)(?!\d))"
    rf"|(?P<place>(?:{_PLACES})/[A-Z][A-Za-z_]+)"
    rf"|(?P<letters>(?:{'|'.join(sorted({*_LETTERS, *_BY_DATE}, key=len, reverse=True))})(?![A-Za-z0-9]))"
    r"|(?P<zulu>Z(?![A-Za-z0-9]))"
    rf"|(?P<words>(?i:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![a-z]))"
)
_ZONE_ANYWHERE = re.compile(
    rf"(?<![A-Za-z0-9/])(?:(?:UTC|GMT)\s?[+\-\u2212]\s?\d{{1,2}}(?::?[0-5]\d)?(?!\d)"
    rf"|(?:{_PLACES})/[A-Z][A-Za-z_]+"
    rf"|(?:{'|'.join(sorted({*_LETTERS, *_BY_DATE}, key=len, reverse=True))})(?![A-Za-z0-9/-])"
    rf"|(?i:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![a-z]))"
)
_SIGNED = re.compile(r"([+\-\u2212])\s?(\d{1,2}):?([0-5]\d)?$")


class Zone(Struct, frozen=True):
    """A zone by the name that the text gives it."""

    name: str

    def offset(
        self, day: tuple[int | None, int | None, int | None] = (None, None, None)
    ) -> int | None:
        """Minutes east of Greenwich on that day; None where they depend on a day that is not known."""
        name = _WORDS.get(self.name.casefold(), self.name)
        if name == "Z":
            return 0
        if name in _LETTERS:
            return _LETTERS[name]
        if signed := _SIGNED.search(name):
            minutes = 60 * int(signed[2]) + int(signed[3] or 0)
            return minutes if signed[1] == "+" else -minutes
        on = _day(day)
        if name in _BY_DATE:
            return None if on is None else _BY_DATE[name] + 60 * _is_us_summer(on)
        return None if on is None else _place_offset(name, on)


# Names that hold in one season: whether that is summer, and by whose changes.
_SEASONS = {
    "CET": (False, "eu"), "CEST": (True, "eu"), "MEZ": (False, "eu"), "MESZ": (True, "eu"),
    "EET": (False, "eu"), "EEST": (True, "eu"), "WEST": (True, "eu"), "BST": (True, "eu"),
    "EST": (False, "us"), "EDT": (True, "us"), "CDT": (True, "us"), "MDT": (True, "us"),
    "PST": (False, "us"), "PDT": (True, "us"),
}  # fmt: skip


def is_out_of_season(name: str, day: tuple[int | None, int | None, int | None]) -> bool:
    """Whether a zone's name says summer on a winter day, or the reverse."""
    season, on = _SEASONS.get(name), _day(day)
    if season is None or on is None:
        return False
    is_summer = _is_eu_summer(on) if season[1] == "eu" else _is_us_summer(on)
    return is_summer != season[0]


def zone_at(text: str, start: int) -> tuple[Zone, int] | None:
    """The zone that begins at *start*, and where it ends."""
    found = ZONE.match(text, start)
    return (Zone(_tidy(found[0])), found.end()) if found else None


def zone_in(text: str) -> Zone | None:
    """The first zone that a sentence names."""
    found = _ZONE_ANYWHERE.search(text)
    return Zone(_tidy(found[0])) if found else None


def _tidy(name: str) -> str:
    return name.replace("\u2212", "-").strip()


def _day(day: tuple[int | None, int | None, int | None]) -> date | None:
    year, month, of_month = day
    if year is None or month is None or of_month is None:
        return None
    try:
        return date(year, month, of_month)
    except ValueError:
        return None


def _sunday(year: int, month: int, nth: int) -> date:
    """The nth Sunday of a month; the last for -1."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _is_us_summer(on: date) -> bool:
    return _sunday(on.year, 3, 2) <= on < _sunday(on.year, 11, 1)


def _is_eu_summer(on: date) -> bool:
    return _sunday(on.year, 3, -1) <= on < _sunday(on.year, 10, -1)


def _place_offset(name: str, on: date) -> int | None:
    from datetime import datetime
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        noon = datetime(on.year, on.month, on.day, 12, tzinfo=ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    shift = noon.utcoffset()
    return None if shift is None else round(shift.total_seconds() / 60)
