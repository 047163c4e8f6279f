"""A serial number has one form: its vendor's, as far as that is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockwright.errors import SerialMalformed
from lockwright.models import SerialForm
from lockwright.spoken import read_serial

CAPITALS = SerialForm("0123456789ABCDEF")
SMALL = SerialForm("0123456789abcdef")
UNKNOWN = SerialForm()
SERIAL = "0B53001435596976"


@pytest.mark.parametrize(
    "typed",
    [SERIAL, SERIAL.lower(), " 0b53 0014-3559:6976\n", "0B53.0014.3559.6976", "0B53_0014/35596976"],
)
def test_a_serial_number_of_known_letters_is_read_as_the_vendor_writes_it(typed: str) -> None:
    assert read_serial(typed, CAPITALS) == SERIAL
    assert read_serial(typed, SMALL) == SERIAL.lower()


@pytest.mark.parametrize("typed", ["AbC-12", "ab.c", "#1_2"])
def test_of_an_unknown_vendor_case_and_separators_are_its_own(typed: str) -> None:
    assert read_serial(f" {typed} ", UNKNOWN) == typed


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        ("\N{CYRILLIC CAPITAL LETTER VE}", "U+0412 CYRILLIC CAPITAL LETTER VE"),
        ("\N{ZERO WIDTH SPACE}", "U+200B ZERO WIDTH SPACE"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\N{NO-BREAK SPACE}", "U+00A0 NO-BREAK SPACE"),
        ("\N{FULLWIDTH DIGIT THREE}", "U+FF13 FULLWIDTH DIGIT THREE"),
        ("\N{LATIN SMALL LETTER LONG S}", "U+017F LATIN SMALL LETTER LONG S"),
        ("\0", "U+0000"),
    ],
)
@pytest.mark.parametrize("form", [CAPITALS, UNKNOWN])
def test_a_letter_that_no_serial_number_has_is_named(
    form: SerialForm, letter: str, name: str
) -> None:
    with pytest.raises(SerialMalformed) as caught:
        read_serial(f"0{letter}53", form)

    assert str(caught.value.facts["reason"]).endswith(name)


@pytest.mark.parametrize("typed", ["", " \t", "0B53001435596976 1", "-"])
def test_what_no_token_can_have_is_refused(typed: str) -> None:
    with pytest.raises(SerialMalformed):
        read_serial(typed, CAPITALS)


@given(st.text(), st.sampled_from([CAPITALS, SMALL, UNKNOWN]))
def test_what_was_read_is_read_again_as_the_same(typed: str, form: SerialForm) -> None:
    try:
        read = read_serial(typed, form)
    except SerialMalformed:
        return
    assert read.isascii()
    assert read_serial(read, form) == read
