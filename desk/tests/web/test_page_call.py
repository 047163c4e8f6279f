"""A call at the page: each step opens the next, and the Response is on one page alone."""

from __future__ import annotations

import re

import pytest
from help_desk import NO_LIMITS, NO_SECOND, new_request, response_of
from lockwright.spoken import request_check, spell, spell_response
from lockwright_desk.configuration.helpdesk import SecondSettings
from lockwright_desk.helpdesk.over_line.strangers import Strangers
from lockwright_desk.signin.roles import Role
from page_desk import PageBrowser, PageDesk, field_of, text_of
from sign_in_desk import Reply

OPERATOR = Role.OPERATOR


class Call:
    """A case at the page, step by step.

    Args:
        desk: the desk.
        browser: the operator's.
        token: number of the token.
    """

    def __init__(self, desk: PageDesk, browser: PageBrowser, token: int | None = None) -> None:
        self.browser = browser
        self.token = desk.bench.token() if token is None else token
        opened = browser.submit(f"/desk/tokens/{self.token}/cases")
        self.place = opened.headers["location"]
        self.request = new_request()
        self.serial = re.search(r"0B53\d{12}", text_of(self.page))[0]  # type: ignore[index]

    @property
    def page(self) -> Reply:
        """The case as it is now."""
        return self.browser.get(self.place)

    def step(self, step: str, **fields: str) -> Reply:
        """Fill in a step's form on the page as it is now."""
        revision = field_of(self.page, "revision")
        return self.browser.submit(f"{self.place}/{step}", {"revision": revision, **fields})

    def until_ready(self) -> None:
        """Every step before the Response."""
        words = request_check(self.serial, self.request).words("ru")
        assert self.step("verify", means="call-back").status == 303
        assert self.step("request", request=spell(self.request)).status == 303
        assert self.step("words", words=words).status == 303
        assert self.step("grounds", reason="забыл PIN", ticket="INC-1").status == 303


@pytest.fixture
def call(pages: PageDesk) -> Call:
    """A case that has just been opened."""
    return Call(pages, pages.browser("anna", OPERATOR))


def test_the_response_is_on_the_page_that_follows_the_last_step(call: Call) -> None:
    call.until_ready()

    shown = call.step("answer")

    response = response_of(call.serial, call.request).reveal()
    spelled = spell_response(call.serial, call.request, response)
    assert shown.status == 200
    assert re.findall(r'class="digits">(\w+)<', shown.body.decode()) == spelled.split()
    assert "Foxtrot" in text_of(shown) or "F" not in spelled
    assert shown.headers["cache-control"] == "no-store"
    assert "location" not in shown.headers


def test_nothing_opens_before_the_caller_is_verified(call: Call) -> None:
    page = call.page

    assert 'name="means"' in page.body.decode()
    assert 'name="request"' not in page.body.decode()
    for step in ("request", "words", "grounds", "answer"):
        assert call.step(step, request=spell(call.request), words="x", reason="x").status == 409


def test_a_wrong_place_is_told_where_it_was_typed_and_what_was_typed_stays(call: Call) -> None:
    call.step("verify", means="call-back")

    wrong = call.step("request", request="A892 D7G6 0161 7C5D")

    assert wrong.status == 422
    assert "character 3 of group 2 is «G»" in text_of(wrong)
    assert 'value="A892 D7G6 0161 7C5D"' in wrong.body.decode()
    assert 'aria-invalid="true"' in wrong.body.decode()


def test_what_was_mended_is_told_once(call: Call) -> None:
    call.step("verify", means="call-back")

    mended = call.step("request", request="а892 d756 o161 7c5d")

    assert mended.status == 200
    assert "read as the digit 0" in text_of(mended)
    assert "read as the digit 0" not in text_of(call.page)


def test_the_words_are_shown_only_after_the_client_said_them(call: Call) -> None:
    call.step("verify", means="call-back")
    call.step("request", request=spell(call.request))
    check = request_check(call.serial, call.request)

    before = text_of(call.page)
    wrong = call.step("words", words="мусор прибыль")
    right = call.step("words", words=check.words("en"))

    assert check.words("en") not in before
    assert check.words("ru") not in before
    assert check.digits not in before
    assert wrong.status == 409
    assert check.words("ru") not in text_of(wrong)
    assert right.status == 303
    assert check.words("en") in text_of(call.page)


def test_a_response_that_is_asked_for_again_is_the_same_and_says_so(call: Call) -> None:
    call.until_ready()
    once = re.findall(r'class="digits">(\w+)<', call.step("answer").body.decode())

    again = call.step("answer")

    assert re.findall(r'class="digits">(\w+)<', again.body.decode()) == once
    assert "once more" in text_of(again)


def test_no_page_but_that_one_has_the_response(call: Call, pages: PageDesk) -> None:
    call.until_ready()
    response = response_of(call.serial, call.request).reveal()
    call.step("answer")

    found = [call.browser.get(f"{call.place}/answer"), call.page, call.browser.get("/desk/queue")]

    group = spell(response).split()[0].encode()
    assert [each.status for each in found] == [303, 200, 200]
    assert not any(group in each.body for each in found)
    trail = pages.settings.audit.read_bytes()
    assert response.hex().encode() not in trail.lower()
    assert spell(response).encode() not in trail


def test_an_ended_case_says_how_it_ended(call: Call) -> None:
    call.until_ready()
    call.step("answer")

    ended = call.browser.follow(
        f"{call.place}/outcome",
        {"revision": field_of(call.page, "revision"), "outcome": "worked"},
    )

    assert "worked" in text_of(ended)
    assert 'name="outcome"' not in ended.body.decode()


def test_a_number_that_was_misheard_is_told_where_it_was_typed(page_desk: PageDesk) -> None:
    page_desk.site.strangers = Strangers(page_desk.bench.parts())
    browser = page_desk.browser("anna", OPERATOR)

    reply = browser.submit("/desk/lines", {"number": "000-000"})

    assert (reply.status, field_of(reply, "number")) == (404, "000-000")
    assert "under the number 000-000" in text_of(reply)
    assert b"data-live" not in reply.body  # there is nothing at this address to be asked again


def test_of_two_who_change_a_case_at_once_one_is_told(call: Call) -> None:
    revision = field_of(call.page, "revision")
    call.step("verify", means="call-back")

    late = call.browser.submit(f"{call.place}/verify", {"revision": revision, "means": "document"})

    assert late.status == 409
    assert "anna changed the case" in text_of(late)


def test_a_second_person_agrees_in_a_browser_of_their_own(page_desk: PageDesk) -> None:
    page_desk.set(second=SecondSettings(month=0), limits=NO_LIMITS)
    call = Call(page_desk, page_desk.browser("anna", OPERATOR, Role.APPROVER))
    vera = page_desk.browser("vera", Role.APPROVER)
    call.until_ready()
    assert "waits for a second person" in text_of(call.page)

    own = call.step("decision", decision="agree", why="it is me")
    listed = vera.get("/desk/approvals")
    revision = field_of(vera.get(call.place), "revision")
    agreed = vera.submit(
        f"{call.place}/decision", {"revision": revision, "decision": "agree", "why": "seen"}
    )

    assert own.status == 403
    assert call.place in listed.body.decode()
    assert call.place not in call.browser.get("/desk/approvals").body.decode()
    assert agreed.status == 303
    assert call.step("answer").status == 200


def test_nothing_is_chosen_for_whoever_presses_no_button(page_desk: PageDesk) -> None:
    """The Enter key presses the first button of a form: here it cannot be pressed."""
    page_desk.set(second=SecondSettings(month=0), limits=NO_LIMITS)
    call = Call(page_desk, page_desk.browser("anna", OPERATOR))
    vera = page_desk.browser("vera", Role.APPROVER)
    call.until_ready()
    page, decision = vera.get(call.place), f"{call.place}/decision"
    revision = field_of(page, "revision")

    refused = [
        vera.submit(decision, {"revision": revision, "why": "odd", **chosen})
        for chosen in ({}, {"decision": "yes"})
    ]
    agreed = vera.submit(decision, {"revision": revision, "decision": "agree"})
    assert agreed.status == 303
    assert call.step("answer").status == 200
    answered = call.page
    left = [call.step("outcome", **chosen).status for chosen in ({}, {"outcome": "fine"})]

    assert [each.status for each in refused] == [400, 400]
    assert left == [400, 400]
    assert "answered" in text_of(call.page)
    for each, name in ((page, "decision"), (answered, "outcome")):
        [form] = re.findall(rf'<form [^>]*/{name}".*?</form>', each.body.decode(), re.DOTALL)
        buttons = re.findall(r"<button[^>]*>", form)
        assert len(buttons) > 2
        assert "disabled" in buttons[0]


def test_where_confirming_is_enough_the_words_are_shown_large(page_desk: PageDesk) -> None:
    page_desk.set(words_typed=False, second=NO_SECOND, limits=NO_LIMITS)
    call = Call(page_desk, page_desk.browser("anna", OPERATOR))
    call.step("verify", means="call-back")
    call.step("request", request=spell(call.request))

    shown = text_of(call.page)
    confirmed = call.step("words", confirmed="yes")

    assert request_check(call.serial, call.request).words("ru") in shown
    assert confirmed.status == 303
