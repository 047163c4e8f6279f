"""A client's page: who administers the register removes a client there."""

from __future__ import annotations

from lockwright_desk.signin.roles import Role
from page_desk import PageDesk, text_of


def test_a_client_is_removed_once_the_login_is_typed(pages: PageDesk) -> None:
    number = pages.bench.client(login="sidorova", name="Мария Сидорова")
    browser = pages.browser("registrar", Role.ADMINISTRATOR)
    place = f"/desk/clients/{number}"
    assert "Remove this client" in text_of(browser.get(place))

    wrong = browser.submit(f"{place}/remove", {"login": "sidorov"})
    page = text_of(browser.follow(f"{place}/remove", {"login": "sidorova"}))

    assert (wrong.status, "not the login of this client" in text_of(wrong)) == (422, True)
    assert "Сидорова" in text_of(wrong)
    assert "This client was removed" in page
    assert "Сидорова" not in page
    assert "Remove this client" not in page
    assert browser.submit(f"{place}/remove", {"login": f"removed:{number}"}).status == 422


def test_a_client_who_holds_a_token_is_not_removed(pages: PageDesk) -> None:
    number = pages.bench.client(login="holder")
    pages.bench.token(number)
    browser = pages.browser("registrar", Role.ADMINISTRATOR)

    refused = browser.submit(f"/desk/clients/{number}/remove", {"login": "holder"})

    assert refused.status == 409
    assert "the client still holds tokens" in text_of(refused)
