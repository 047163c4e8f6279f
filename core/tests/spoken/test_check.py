"""The check is what the reference page says, so that another program can compute it too."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from lockwright.spoken import Check, request_check, response_check

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "spoken.md"
_VECTOR = re.compile(
    r"^\| `(.+?)` \| `([0-9A-F]+)` \| (.+?) \| (.+?) \| (.+?) \| `([0-9A-F]+)` \| `(.{5})` \|$",
    re.MULTILINE,
)
VECTORS = _VECTOR.findall(PAGE.read_text(encoding="utf-8"))


def by_the_page(purpose: str, *parts: bytes) -> int:
    """The recipe, word for word, without any of our code."""
    hashed = b""
    for part in (purpose.encode(), *parts):
        hashed += bytes([len(part) // 256, len(part) % 256]) + part
    first = hashlib.sha256(hashed).digest()
    return (first[0] * 65536 + first[1] * 256 + first[2]) // 16


@pytest.mark.parametrize(
    ("serial", "request_", "digits", "english", "russian", "response", "behind"), VECTORS
)
def test_the_vectors_of_the_page_hold(
    serial: str, request_: str, digits: str, english: str, russian: str, response: str, behind: str
) -> None:
    asked, answered = bytes.fromhex(request_), bytes.fromhex(response)
    beside = request_check(serial, asked)

    assert (beside.digits, beside.words("en"), beside.words("ru")) == (digits, english, russian)
    assert response_check(serial, asked, answered).hex == behind

    plain = serial.replace(" ", "").upper().encode()
    assert beside.value == by_the_page("lockwright check of a Request, version 1", plain, asked)
    assert int(behind, 16) == by_the_page(
        "lockwright check of a Response, version 1", plain, asked, answered
    )


def test_the_page_has_vectors() -> None:
    assert len(VECTORS) == 4


@pytest.mark.parametrize(
    "said",
    [
        "0430 0729",
        "04300729",
        "0430-0729",
        "garbage profit",
        "Garbage, profit.",
        "ЛАБИРИНТ репортаж",
    ],
)
def test_what_is_heard_agrees_in_any_form(said: str) -> None:
    assert request_check("0B53001435596976", bytes.fromhex("A892D75601617C5D")).agrees(said)


@pytest.mark.parametrize("said", ["", "0430", "0430 0728", "profit garbage", "garbage", "102EE"])
def test_anything_else_does_not_agree(said: str) -> None:
    assert not request_check("0B53001435596976", bytes.fromhex("A892D75601617C5D")).agrees(said)


def test_a_request_and_a_response_of_the_same_bytes_have_different_checks() -> None:
    assert request_check("S1", bytes(8)) != response_check("S1", bytes(8), b"")


def test_the_smallest_and_the_largest_check_have_words() -> None:
    assert Check(0).words("en") == "abandon abandon"
    assert Check(2**20 - 1).digits == "1023 1023"
    assert Check(1).hex == "00001"
