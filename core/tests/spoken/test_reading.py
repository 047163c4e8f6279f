"""What people type is understood in every form, and refused with its place where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockwright.errors import RequestMalformed, ResponseMalformed
from lockwright.secret import Secret
from lockwright.spoken import (
    CYRILLIC_READ_AS_LATIN,
    O_READ_AS_ZERO,
    read_request,
    read_response,
    spell,
    spell_response,
)

SERIAL = "0B53001435596976"
REQUEST = bytes.fromhex("A892D75601617C5D")
RESPONSE = bytes.fromhex("1951EC3EF81BBABB")


def understood(typed: str, *, length: int | None = 8) -> bytes:
    return read_response(Secret(typed), SERIAL, REQUEST, length).value.reveal()


def reason(typed: str, length: int | None = 8) -> str:
    with pytest.raises(RequestMalformed) as refused:
        read_request(typed, length)
    return str(refused.value.facts["reason"])


def test_a_request_is_said_in_groups_of_four() -> None:
    assert spell(REQUEST) == "A892 D756 0161 7C5D"
    assert spell(b"\1\2\3\4\5") == "0102 0304 05"


@pytest.mark.parametrize(
    "typed",
    [
        "A892D75601617C5D",
        "a892 d756 0161 7c5d",
        " A892-D756-0161-7C5D\t",
        "A8:92:D7:56:01:61:7C:5D",
        "A892.D756.0161.7C5D",
        "A892 – D756 — 0161 − 7C5D",  # the dashes that a text program puts in
        "A892\u00a0D756\u00a00161\u00a07C5D",
    ],
)
def test_its_form_does_not_matter(typed: str) -> None:
    heard = read_request(typed, 8)

    assert heard.value == REQUEST
    assert heard.notes == ()


@pytest.mark.parametrize(
    "typed", ["A892 D756 O161 7C5D", "a892 d756 o161 7c5d", "A892D756О1617C5D"]
)
def test_o_is_read_as_zero_with_a_note_in_either_alphabet(typed: str) -> None:
    heard = read_request(typed, 8)

    assert heard.value == REQUEST
    assert heard.notes == (O_READ_AS_ZERO,)


def test_cyrillic_letters_are_read_as_their_latin_twins_with_a_note() -> None:
    heard = read_request("ЕСАВ есав 0123 4567", 8)

    assert heard.value == bytes.fromhex("ECABECAB01234567")
    assert heard.notes == (CYRILLIC_READ_AS_LATIN,)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("A892 D756 0I61 7C5D", "character 2 of group 3 is «I»"),
        ("A892 D756 0161 7C5L", "character 4 of group 4 is «L»"),
        ("З892 D756 0161 7C5D", "character 1 of group 1 is «З»"),
        ("A892 Н756 0161 7C5D", "character 1 of group 2 is «Н»"),
        ("A892 D756 0161 7C5\0", "character 4 of group 4 is U+0000"),
        ("A892 D756 0161 7C5٣", "character 4 of group 4 is «٣»"),
        ("A892 D756 ß161 7C5D", "character 1 of group 3 is «ß»"),
        ("A892,D756 0161 7C5D", "character 1 of group 2 is «,»"),
    ],
)
def test_anything_else_is_refused_with_its_place(typed: str, place: str) -> None:
    assert reason(typed).startswith(place)


@pytest.mark.parametrize(
    ("typed", "length", "why"),
    [
        ("", 8, "it is empty"),
        (" - : . ", 8, "it is empty"),
        ("A892 D756 0161 7C5", 8, "it has 15 characters, but 16 are needed"),
        ("A892 D756 0161 7C5D 0", 8, "it has 17 characters, but 16 are needed"),
        ("A892 D", None, "a character is missing, or there is one too many"),
    ],
)
def test_a_wrong_length_is_refused(typed: str, length: int | None, why: str) -> None:
    assert reason(typed, length) == why


def test_a_request_of_any_length_is_read_when_the_length_is_not_known() -> None:
    assert read_request("0102 0304 0506", None).value == bytes.fromhex("010203040506")


# --- Responses ----------------------------------------------------------------------------------


def test_a_vendor_s_plain_response_is_taken() -> None:
    assert understood("1951 ec3e f81b babb") == RESPONSE
    assert understood("1951 ec3e f81b babb", length=None) == RESPONSE


def test_a_response_with_its_check_is_taken_without_the_check() -> None:
    said = spell_response(SERIAL, REQUEST, RESPONSE)

    assert len(said.split()[-1]) == 5
    assert understood(said) == understood(said, length=None) == RESPONSE
    assert read_response(Secret(said), SERIAL, REQUEST, 8).checked
    assert not read_response(Secret(spell(RESPONSE)), SERIAL, REQUEST, 8).checked


@pytest.mark.parametrize("length", [8, None])
def test_a_misheard_response_is_refused_when_it_has_a_check(length: int | None) -> None:
    said = spell_response(SERIAL, REQUEST, RESPONSE).replace("1951", "1915")
    with pytest.raises(ResponseMalformed, match="its check does not fit"):
        understood(said, length=length)


@pytest.mark.parametrize(
    ("serial", "request_"), [("4C54000351574C50", REQUEST), (SERIAL, bytes(8))]
)
def test_a_response_for_another_token_or_request_is_refused_when_it_has_a_check(
    serial: str, request_: bytes
) -> None:
    with pytest.raises(ResponseMalformed, match="or it answers another Request"):
        understood(spell_response(serial, request_, RESPONSE))


@pytest.mark.parametrize(
    ("typed", "length", "why"),
    [
        ("1951 EC3E F81B BAB", 8, "it has 15 characters, but 16 or 21 are needed"),
        ("1951 EC3E F81B BABB 40A7", 8, "it has 20 characters, but 16 or 21 are needed"),
        ("1951 E", None, "a character is missing, or there is one too many"),
        ("195", None, "a character is missing, or there is one too many"),
    ],
)
def test_a_response_of_a_wrong_length_is_refused(typed: str, length: int | None, why: str) -> None:
    with pytest.raises(ResponseMalformed) as refused:
        understood(typed, length=length)
    assert refused.value.facts["reason"] == why


def test_the_typed_response_stays_and_nothing_of_it_is_in_the_error() -> None:
    typed = Secret("1951 EC3E F81B BABG")
    with pytest.raises(ResponseMalformed) as refused:
        read_response(typed, SERIAL, REQUEST, 8)

    assert typed == Secret("1951 EC3E F81B BABG")
    assert "1951" not in str(refused.value) + repr(refused.value)


def test_bytes_that_are_no_text_are_refused_with_their_place() -> None:
    with pytest.raises(ResponseMalformed, match="character 3 of group 1"):
        read_response(Secret(b"19\xff1"), SERIAL, REQUEST, 8)


@given(st.binary(min_size=1, max_size=32), st.binary(min_size=1, max_size=32))
def test_what_is_spelt_is_read_again(request_: bytes, response: bytes) -> None:
    plain, checked = spell(response), spell_response(SERIAL, request_, response)

    assert read_request(spell(request_), len(request_)).value == request_
    for said in (plain, checked, checked.lower().replace(" ", "-")):
        for length in (len(response), None):
            heard = read_response(Secret(said), SERIAL, request_, length)
            assert heard.value == Secret(response)
            assert heard.notes == ()


@given(st.text(max_size=40))
def test_any_text_is_understood_or_refused(typed: str) -> None:
    try:
        heard = read_request(typed)
    except RequestMalformed:
        return
    assert heard.value
