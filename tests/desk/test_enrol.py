"""The main job without anyone else's service: lockwright enrols a token at lockwright-desk."""

from __future__ import annotations

from desk_customer import DeskCustomer


def test_a_token_is_enrolled_at_the_desk(customer: DeskCustomer) -> None:
    otp = customer.desk.home.otp("anna", name="anna")

    ended = customer.enrol("client", "anna", otp)

    assert ended.code == 0, ended.out
    (container,) = customer.containers()
    assert container["key"]["type"] == "ec:p256"
    assert container["certificates"][0]["subject"] == "CN=anna,O=Bank,C=RU"


def test_a_person_says_their_name_where_the_desk_leaves_it_open(customer: DeskCustomer) -> None:
    """The desk's usual profile has a name that is no login, and no configuration knows it."""
    otp = customer.desk.home.otp("personal", name="Anna Petrova")
    desk = customer.desk
    url = f"{desk.url}/.well-known/est/client"  # as it is shown where the desk is run
    customer.configure({"client": {"url": url, "trust": [str(desk.ca)]}})

    untold = customer.enrol("client", "personal", otp)
    ended = customer.enrol("client", "personal", otp, "--subject", "CN=Anna Petrova")

    assert "leaves CN to you; give the subject with --subject" in untold.error["message"]
    assert ended.code == 0, ended.error
    (issued,) = customer.certificates("personal")
    assert issued["subject"] == "CN=Anna Petrova,O=Bank,C=RU"


def test_what_waits_for_approval_is_resumed(customer: DeskCustomer) -> None:
    home = customer.desk.home
    otp = home.otp("clara", "checked", name="clara")

    waits = customer.enrol("checked", "clara", otp, "--wait", "0")
    (found,) = home.run("requests", "list", "--json").document["requests"]
    home.run("requests", "approve", str(found["id"]))
    ended = customer.resume(otp)

    assert waits.code == 17, waits.out
    assert ended.code == 0, ended.out
    (container,) = customer.containers()
    assert container["certificates"][0]["subject"] == "CN=clara,O=Bank,C=RU"
