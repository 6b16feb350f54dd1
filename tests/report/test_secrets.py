from __future__ import annotations

import pytest

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import SECONDS, UNLIMITED, Amount
from plimsoll.model.setting import Origin, Setting, Status, Unknown, Unset
from plimsoll.model.stack import Service, Stack
from plimsoll.report.quotes import Quotes
from plimsoll.report.secrets import Mask, is_secret


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        pytest.param(Setting("requirepass", "x"), True, id="by name"),
        pytest.param(Setting("auth_query", "x", is_secret=True), True, id="by settings.yaml"),
        pytest.param(Setting("requirepas", "x", status=Status.UNKNOWN_NAME), True, id="misspelt"),
        pytest.param(
            Setting("maxclients", "x", status=Status.UNKNOWN_NAME), False, id="other name"
        ),
        pytest.param(Setting("requirepass", "", value=Unset()), False, id="not set"),
        pytest.param(Setting("token_x", "5", value=Amount.of(5)), False, id="a number"),
        pytest.param(
            Setting("masteruser", "default", origin=Origin.DEFAULT, is_secret=True),
            False,
            id="vendor's default",
        ),
    ],
)
def test_which_settings_are_secret(setting: Setting, expected: bool) -> None:
    assert is_secret(setting) is expected


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        pytest.param(Setting("requirepass", "hunter2", value="hunter2"), "***", id="secret"),
        pytest.param(
            Setting("broker", "x", value="redis://:hunter2@c"), "redis://:***@c", id="secret inside"
        ),
        pytest.param(
            Setting("pin", "1234", value=Amount.of(1234), is_secret=True), "***", id="number"
        ),
        pytest.param(Setting("daemonize", "yes", value=True), "on", id="boolean"),
        pytest.param(
            Setting("timeout", "0", value=Amount.of(UNLIMITED, SECONDS)), "never", id="never"
        ),
        pytest.param(
            Setting("workers", "x()", value=Unknown("computed: x(password='hunter2')")),
            "unknown (computed: x(password='***'))",
            id="unknown",
        ),
        pytest.param(Setting("name", "a\x1b[2Jb"), "a␛[2Jb", id="control characters"),
    ],
)
def test_values_for_a_person(setting: Setting, shown: str) -> None:
    assert Mask().value(setting) == shown


def stack_with(text: str, *settings: Setting) -> Stack:
    return Stack(
        services={"cache": Service("cache", "redis", settings=settings)}, texts={"redis.conf": text}
    )


def test_a_secret_of_the_stack_is_hidden_wherever_it_is_told() -> None:
    mask = Mask.of(stack_with("requirepass hunter2\n"))
    assert mask.sentence("'hunter2' is too short") == "'***' is too short"
    assert mask.reason("not a setting: hunter2") == "not a setting: ***"
    assert mask.within("echo hunter2") == "echo ***"
    assert mask.sentence("hunter22 is another word") == "hunter22 is another word"


def test_a_secret_that_only_its_reader_knows_is_hidden_too() -> None:
    setting = Setting("auth_query", "correct horse", is_secret=True)
    mask = Mask.of(stack_with("auth_query correct horse\n", setting))
    assert mask.sentence("is correct horse good?") == "is *** good?"


def test_a_password_that_is_a_service_does_not_hide_the_service() -> None:
    mask = Mask.of(stack_with("requirepass cache\n"))
    assert mask.sentence("cache is full") == "cache is full"


def test_short_numbers_stay_readable() -> None:
    mask = Mask.of(stack_with("requirepass 1000\n"))
    assert mask.sentence("1000 connections") == "1000 connections"


def test_secrets_are_found_behind_letters_that_grow_in_lower_case() -> None:
    mask = Mask.of(stack_with("# " + "\u0130" * 40 + "\nrequirepass hunter2\n# end\n"))
    assert mask.sentence("hunter2") == "***"


def test_the_quoted_line_hides_its_secret() -> None:
    text = 'port 6379\nsecret_by_schema "hun ter2"\n'
    setting = Setting(
        "secret_by_schema",
        "hun ter2",
        Place("redis.conf", Span(2, 1, 2, 28), Span(2, 18, 2, 28)),
        is_secret=True,
    )
    quote = Quotes({"redis.conf": text}, Mask()).of(setting, 60)
    assert quote is not None
    assert (quote.text, quote.carets) == ("secret_by_schema ***", " " * 17 + "^^^")


def test_a_place_outside_of_the_text_is_not_quoted() -> None:
    quotes = Quotes({"redis.conf": "port 6379\n"}, Mask())
    assert quotes.of(Setting("x", "y", Place("redis.conf", Span(9, 1, 9, 2))), 60) is None
    assert quotes.of(Setting("x", "y", Place("other.conf", Span(1, 1, 1, 2))), 60) is None
    assert quotes.of(Setting("x", "y"), 60) is None
