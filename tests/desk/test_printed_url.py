"""What ``lockwright-desk serve`` prints is what a client's configuration takes, as it stands."""

from __future__ import annotations

import pytest
from desk_customer import DeskCustomer
from desk_home import Server


@pytest.mark.parametrize(
    ("at", "profile", "subject"),
    [(0, "client", "CN=Anna Petrova"), (2, "rsa", "CN=Anna Petrova,OU=printed-rsa")],
)
def test_a_customer_enrols_at_the_url_that_serve_prints(
    customer: DeskCustomer, desk: Server, at: int, profile: str, subject: str
) -> None:
    login = f"printed-{profile}"
    password = desk.home.otp(login, profile, name="Anna Petrova")
    customer.configure({"bank": {"url": desk.urls[at], "trust": [str(desk.ca)]}})

    ended = customer.enrol("bank", login, password, "--subject", subject)

    assert ended.code == 0, ended.out
    (issued,) = customer.certificates(login)
    assert issued["profile"] == profile
