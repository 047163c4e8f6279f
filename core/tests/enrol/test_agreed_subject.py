"""The subject of an order: what is given and set, in the template of a CA."""

from __future__ import annotations

import pytest
from lockwright.certificates.subjects import exact, parse
from lockwright.errors import BrokenRequest, CaConflict
from lockwright.models import CaProfile, CaRequirements
from lockwright.operations.enrolment.agreed import subject_for

OPEN = "CN=,O=Bank"


def subject(wished: str | None, own: str | None, given: str | None) -> str:
    ca = CaProfile("bank", "est", subject=own)
    return exact(subject_for(ca, CaRequirements(subject=wished), "anna", given))


@pytest.mark.parametrize(
    ("wished", "own", "given", "expected"),
    [
        (None, None, "CN=Anna,O=Bank", "CN=Anna,O=Bank"),
        ("CN=Anna,O=Bank", None, None, "CN=Anna,O=Bank"),
        (OPEN, None, "CN=Anna", "CN=Anna,O=Bank"),
        (OPEN, None, "CN=Anna,O=Bank", "CN=Anna,O=Bank"),
        (OPEN, "CN={login},O=Bank", None, "CN=anna,O=Bank"),
        (OPEN, "O=Bank", "CN=Anna", "CN=Anna,O=Bank"),
        (OPEN, "CN={login}", "CN=anna", "CN=anna,O=Bank"),
        ("CN=,CN=Staff,CN=,O=Bank", None, "CN=A,CN=Staff,CN=B", "CN=A,CN=Staff,CN=B,O=Bank"),
        ("CN=+SN=,O=Bank", "SN=Petrova", "CN=Anna", "CN=Anna+SN=Petrova,O=Bank"),
    ],
)
def test_a_template_is_filled_by_what_is_given_or_set(
    wished: str | None, own: str | None, given: str | None, expected: str
) -> None:
    assert subject(wished, own, given) == exact(parse(expected))


def test_a_value_keeps_its_string_type_wherever_it_comes_from() -> None:
    given, own = "CN=#1304416e6e61", "O=#130442616e6b"  # "Anna" and "Bank", printable
    assert subject(f"CN=,{own}", None, given) == exact(parse(f"{given},{own}"))


@pytest.mark.parametrize(
    ("own", "given"),
    [
        (None, "CN=Anna,O=Other"),
        ("CN={login},O=Other", None),
        ("CN=Boris", "CN=Anna"),
        (None, "O=Bank"),
        (None, "CN=A,OU=X"),
    ],
)
def test_what_a_template_has_no_room_for_is_told(own: str | None, given: str | None) -> None:
    with pytest.raises(CaConflict, match=r"asks for the subject CN=\.\.,O=Bank, but"):
        subject(OPEN, own, given)


def test_an_open_template_that_nobody_fills_names_what_is_open() -> None:
    with pytest.raises(BrokenRequest, match="leaves CN, INN to you"):
        subject("CN=,INN=,O=Bank", None, None)
