"""A person whose name is as long as a name may be, at both ends."""

from __future__ import annotations

from desk_customer import DeskCustomer

LONGEST = "Щ" * 64


def test_a_name_of_64_letters_is_enrolled_and_renewed(customer: DeskCustomer) -> None:
    home = customer.desk.home
    first = customer.enrol("client", LONGEST, home.otp(LONGEST, name=LONGEST))
    otp = home.otp(LONGEST, name=LONGEST)
    customer.program.secret("otp", otp)
    order = ("renew", "--ca", "client", "--login", LONGEST, "--otp-file", "otp")
    again = customer.run(*order, "--pin-file", "pin")

    assert (first.code, first.err) == (0, ""), first.out
    assert (again.code, again.err) == (0, ""), again.out
    subjects = [c["subject"] for each in customer.containers() for c in each["certificates"]]
    assert set(subjects) == {f"CN={LONGEST},O=Bank,C=RU"}


def test_a_letter_more_is_refused_in_the_operators_language(customer: DeskCustomer) -> None:
    ended = customer.desk.home.run(
        *("otp", "new", "longer", "--set", f"name={LONGEST}Щ"), language="ru_RU.UTF-8"
    )

    assert ended.code != 0
    assert "в CN знаков: 65, допускается не больше 64" in ended.err
