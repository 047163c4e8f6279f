"""Ten thousand Requests and Responses, each with one or two typing mistakes: none passes unseen.

The figures are those of the reference page; the generator is seeded, so they are the same each
time. See them with: pytest -s core/tests/spoken/test_mistakes.py
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.errors import RequestMalformed, ResponseMalformed
from lockwright.secret import Secret
from lockwright.spoken import (
    read_request,
    read_response,
    request_check,
    response_check,
    spell,
    spell_response,
)

ROUNDS = 10_000
SEED = 4
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "spoken.md"
TWINS = str.maketrans("ABCE", "АВСЕ")

RIGHT, FORM, CHECK, MISSED = "understood rightly", "refused", "found by the check", "wrong, unseen"

Mistake = Callable[[random.Random, str], str]


def wrong_digit(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice([d for d in "0123456789ABCDEF" if d != text[at]]) + text[at + 1 :]


def wrong_letter(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice("GHIJKLMNPQRSTUVWXYZБГДЖЗ") + text[at + 1 :]


def swapped(rng: random.Random, text: str) -> str:
    at = rng.choice([n for n in range(len(text) - 1) if text[n] != text[n + 1]])
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def missing(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text))
    return text[:at] + text[at + 1 :]


def twice(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text))
    return text[:at] + text[at] + text[at:]


def letter_o(rng: random.Random, text: str) -> str:
    return text.replace("0", rng.choice("OoОо"))


def cyrillic(_rng: random.Random, text: str) -> str:
    return text.translate(TWINS)


MISTAKES: tuple[Mistake, ...] = (
    wrong_digit, wrong_letter, swapped, missing, twice, letter_o, cyrillic
)  # fmt: skip


def mistyped(rng: random.Random, text: str) -> str:
    """A text as somebody types it who errs once or twice."""
    typed = text.replace(" ", "")
    for mistake in rng.choices(MISTAKES, k=rng.choice((1, 2))):
        typed = mistake(rng, typed)
    return typed


def serial_of(rng: random.Random) -> str:
    return rng.randbytes(8).hex().upper()


def one_request(rng: random.Random) -> str:
    """The bank's operator types a Request, and both sides read their check aloud."""
    serial, request = serial_of(rng), rng.randbytes(8)
    try:
        heard = read_request(mistyped(rng, spell(request)), 8).value
    except RequestMalformed:
        return FORM
    if heard == request:
        return RIGHT
    same = request_check(serial, heard) == request_check(serial, request)
    return MISSED if same else CHECK


def one_plain_response(rng: random.Random) -> str:
    """The client types a vendor's Response, which has no check."""
    response = rng.randbytes(8)
    try:
        heard = read_response(Secret(mistyped(rng, spell(response))), "S1", bytes(8), 8).value
    except ResponseMalformed:
        return FORM
    return RIGHT if heard == Secret(response) else MISSED


def one_response(rng: random.Random) -> str:
    """The client types a Response of our own bank side, with its check."""
    serial, request, response = serial_of(rng), rng.randbytes(8), rng.randbytes(8)
    typed = mistyped(rng, spell_response(serial, request, response))
    try:
        heard = read_response(Secret(typed), serial, request, 8).value
    except ResponseMalformed as error:
        return CHECK if "check" in str(error.facts["reason"]) else FORM
    return RIGHT if heard == Secret(response) else MISSED


ROWS = {
    "Request, checks compared": one_request,
    "Response with its check": one_response,
    "Response of a vendor, without": one_plain_response,
}


def row(name: str, counted: Counter[str]) -> str:
    figures = " | ".join(str(counted[kind]) for kind in (RIGHT, FORM, CHECK, MISSED))
    return f"| {name} | {figures} |"


@pytest.mark.parametrize("name", ROWS)
def test_of_ten_thousand_mistyped_ones_none_passes_unseen(name: str) -> None:
    rng = random.Random(SEED)  # noqa: S311  # repeatable, not secret
    counted = Counter(ROWS[name](rng) for _round in range(ROUNDS))
    print(f"\n{row(name, counted)}")  # noqa: T201  # the figures, for who looks

    assert counted.total() == ROUNDS
    assert counted[RIGHT] > 0
    if name != "Response of a vendor, without":
        assert counted[CHECK] > 0
        assert counted[MISSED] == 0
    assert row(name, counted) in PAGE.read_text(encoding="utf-8")


def test_one_wrong_pair_in_a_million_has_the_same_check() -> None:
    """What 20 bits promise, on a smaller scale: of 2**20 pairs about as many as of chance."""
    rng = random.Random(SEED)  # noqa: S311  # repeatable, not secret
    right = {request_check("S1", rng.randbytes(8)).value for _ in range(100)}
    rounds = 200_000
    met = sum(request_check("S1", rng.randbytes(8)).value in right for _ in range(rounds))

    assert 5 <= met <= 40, f"about {rounds * 100 / 2**20:.0f} are expected"


def test_the_check_is_of_the_serial_number_too() -> None:
    rng = random.Random(SEED)  # noqa: S311  # repeatable, not secret
    request = rng.randbytes(8)
    serials = [serial_of(rng) for _ in range(100)]

    assert len({request_check(serial, request) for serial in serials}) == 100
    assert len({response_check(serial, request, bytes(8)) for serial in serials}) == 100
