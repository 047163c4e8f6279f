"""The desk tells when to renew, and the program takes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from desk_customer import DeskCustomer


def test_the_desks_word_is_heard_and_what_it_revoked_is_due(customer: DeskCustomer) -> None:
    desk, program = customer.desk, customer.program
    client = {"url": desk.url, "trust": [str(desk.ca)], "label": "client"}
    further = {"subject": "CN={login},O=Bank,C=RU", "renewal_info": "renewal-info"}
    customer.configure({"client": {**client, **further}})
    enrolled = customer.enrol("client", "wanda", desk.home.otp("wanda", name="wanda"))
    (heard,) = program.run("list", "--json").document["renewals"]
    (issued,) = customer.certificates("wanda")
    desk.home.run("certificates", "revoke", issued["serial"], "--reason", "superseded")
    for file in (program.home / "state" / "lockwright" / "enrolments" / "renewal-info").iterdir():
        file.unlink()
    ended = program.run("renew", "--due", "--dry-run", "--json")

    assert enrolled.code == 0, enrolled
    starts = datetime.fromisoformat(heard["window"]["start"])
    assert starts == datetime.fromisoformat(heard["not_after"]) - timedelta(days=30)
    assert (heard["cas"], heard["why"]) == (["client"], None)
    (due,) = ended.document["certificates"]
    assert (due["why"], due["cas"]) == ("ca", ["client"])
    assert datetime.fromisoformat(due["window"]["end"]) <= datetime.now(UTC)
