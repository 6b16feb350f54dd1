"""People in the shop: they look around, put things into the cart, and some order."""

from __future__ import annotations

import random
import re
from urllib.parse import urlencode

from plimsoll.drill.lab.load import Answer, Request, Visitor

CATEGORIES, PRODUCTS = 6, 1500
_COOKIE = re.compile(r"([^=;]+)=([^;]*)")
_FORM = ("Content-Type", "application/x-www-form-urlencoded")
# What a visitor does in turn: the look around is most of it.
_ROUND = ("home", "category", "product", "product", "category", "product", "add", "cart")
# One visit in so many ends with an order.
_ORDERS = 3


class Shopper:
    """One visitor, the same for the same *seed*. Implements `Visitor`."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._step = self._random.randrange(len(_ROUND))
        self._cookies: dict[str, str] = {}
        self._has_added = False

    def next(self) -> Request:
        step = _ROUND[self._step % len(_ROUND)]
        self._step += 1
        if step == "add" and "csrftoken" in self._cookies:
            return self._form("/cart/add/", {"product": str(self._product())})
        if step == "cart" and self._has_added and not self._random.randrange(_ORDERS):
            self._has_added = False
            return self._form("/checkout/", {})
        path = {
            "home": "/",
            "category": f"/category/{self._category()}/",
            "cart": "/cart/",
        }.get(step, f"/product/{self._product()}/")
        return Request("GET", path, self._headers())

    def took(self, request: Request, answer: Answer) -> None:
        for name, value in answer.headers:
            if name == "set-cookie" and (found := _COOKIE.match(value)):
                self._cookies[found[1].strip()] = found[2]
        if request.path == "/cart/add/" and answer.code < 400:
            self._has_added = True

    def _form(self, path: str, fields: dict[str, str]) -> Request:
        body = urlencode({**fields, "csrfmiddlewaretoken": self._cookies["csrftoken"]}).encode()
        return Request("POST", path, (*self._headers(), _FORM), body)

    def _headers(self) -> tuple[tuple[str, str], ...]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return (("Cookie", cookies),) if cookies else ()

    def _category(self) -> int:
        return self._random.randint(1, CATEGORIES)

    def _product(self) -> int:
        return self._random.randint(1, PRODUCTS)


class Buyer:
    """Somebody of the shop, who has it sort all reviews, again and again. Implements `Visitor`."""

    def next(self) -> Request:
        return Request("GET", "/report/")

    def took(self, request: Request, answer: Answer) -> None:
        """It is only looked at."""


def shoppers(number: int) -> list[Visitor]:
    return [Shopper(seed) for seed in range(number)]
