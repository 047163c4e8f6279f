"""What stands around every page: headers, sessions, and requests of other sites' pages."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from lockwright.audit.reading import newest
from lockwright.audit.wanted import Wanted
from lockwright_desk.helpdesk.register import find
from lockwright_desk.signin.roles import Role
from lockwright_desk.web import drawing, headers, static_files
from page_desk import PageBrowser, PageDesk, field_of, text_of
from sign_in_desk import ORIGIN

EVIL = "<script>alert(1)</script>\"'&{{'a'*9}}"
PAGES = (
    "/desk/queue",
    "/desk/approvals",
    "/desk/find?q=script",
    "/desk/alerts",
    "/desk/audit",
    "/desk/statistics",
    "/desk/keys",
    "/desk/operators",
    "/desk/operators/all",
    "/desk/sign-in",
    "/desk/enrol",
    "/desk/no-such-page",
)


@pytest.fixture
def browser(pages: PageDesk) -> PageBrowser:
    """The browser of somebody who may do everything."""
    return pages.browser("all", *Role)


def test_every_answer_has_the_headers(browser: PageBrowser) -> None:
    for path in (*PAGES, "/desk", "/desk/static/0/style.css"):
        answer = browser.get(path)
        for name, value in headers.ALWAYS.items():
            assert answer.headers[name.lower()] == value, path
        assert answer.headers["cache-control"] == "no-store", path


def test_only_style_and_script_are_kept_by_the_browser(browser: PageBrowser) -> None:
    page = browser.get("/desk/queue").body.decode()
    found = re.findall(r'(?:href|src)="(/desk/static/[^"]+)"', page)

    kept = [browser.get(each) for each in found]

    assert {Path(each).suffix for each in found} == {".css", ".js", ".svg"}
    assert {each.status for each in kept} == {200}
    assert all("immutable" in each.headers["cache-control"] for each in kept)


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_in_line(
    pages: PageDesk, browser: PageBrowser
) -> None:
    token = pages.bench.token()

    for path in (*PAGES, f"/desk/tokens/{token}", "/desk/clients/1"):
        page = browser.get(path).body.decode()
        assert re.findall(r"<script(?![^>]* src=)", page) == [], path
        assert re.findall(r"<style|\sstyle=|\son\w+=", page) == [], path
        assert re.findall(r'(?:src|href|action)="(?!/desk|#main")', page) == [], path


def test_what_somebody_is_called_is_text_on_every_page(
    pages: PageDesk, browser: PageBrowser
) -> None:
    client = pages.bench.client(name=EVIL, phone=EVIL[:60])
    token = pages.bench.token(client)
    case = browser.submit(f"/desk/tokens/{token}/cases").headers["location"]

    for path in (
        f"/desk/clients/{client}",
        f"/desk/tokens/{token}",
        case,
        *PAGES[:3],
        "/desk/audit",
    ):
        page = browser.get(path)
        assert "<script>" not in page.body.decode(), path
        assert "a" * 9 not in text_of(page), path
    assert EVIL in text_of(browser.get(f"/desk/clients/{client}"))
    typed = browser.get("/desk/find?q=%22%3E%3Cscript%3E")
    assert "<script>" not in typed.body.decode()


def test_no_template_and_no_script_gets_round_the_escaping() -> None:
    for template in drawing.FOLDER.rglob("*"):
        if template.is_file():
            text = template.read_text(encoding="utf-8")
            assert not re.search(r"\|\s*safe|autoescape|Markup", text), template
            assert re.findall(r"\s[\w-]+=\{\{", text) == [], (
                template
            )  # a value without quotation marks
    for script in static_files.FOLDER.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(
            r"(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|eval\(", text
        )


def test_whoever_is_not_signed_in_comes_back_to_the_page_after_it(pages: PageDesk) -> None:
    sent = PageBrowser(pages).get("/desk/find?q=anna")

    there = PageBrowser(pages).get(sent.headers["location"])

    assert sent.status == 303
    assert 'data-back="/desk/find?q=anna"' in there.body.decode()


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/desk\\..\\x", "/crl"])
def test_nobody_is_led_to_another_site(pages: PageDesk, back: str) -> None:
    page = PageBrowser(pages).get(f"/desk/sign-in?back={back}")

    assert 'data-back="/desk"' in page.body.decode()


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(page_desk: PageDesk) -> None:
    browser = page_desk.browser("anna", Role.OPERATOR)
    for _minute in range(14):
        page_desk.clock.on(minutes=1)
        assert browser.get("/desk/queue", **{"x-by-itself": "1"}).status == 200

    page_desk.clock.on(minutes=2)

    assert browser.get("/desk/queue", **{"x-by-itself": "1"}).status == 401
    assert browser.get("/desk/events").status == 401
    assert browser.get("/desk/queue").headers["location"].startswith("/desk/sign-in")


def test_a_session_that_was_signed_out_is_over_wherever_its_cookie_is(page_desk: PageDesk) -> None:
    browser, copy = page_desk.browser("anna", Role.OPERATOR), PageBrowser(page_desk)
    copy.cookies.update(browser.cookies)
    assert copy.get("/desk/queue").status == 200

    left = browser.submit("/desk/sign-out")

    assert left.status == 303
    assert copy.get("/desk/queue").status == 303


def test_whoever_loses_a_role_loses_it_with_the_next_request(page_desk: PageDesk) -> None:
    browser = page_desk.browser("anna", Role.OPERATOR)
    root = page_desk.browser("root", Role.ADMINISTRATOR)
    token = page_desk.bench.token()
    assert browser.submit(f"/desk/tokens/{token}/cases").status == 303

    root.submit("/desk/operators/anna/roles", {"roles": "auditor"})

    assert browser.submit(f"/desk/tokens/{token}/cases").status == 403


def test_a_language_is_chosen_once_and_kept(pages: PageDesk) -> None:
    browser = PageBrowser(pages)
    assert "Вход" in text_of(browser.get("/desk/sign-in", **{"accept-language": "ru-RU,ru"}))

    browser.submit("/desk/language", {"language": "en", "back": "/desk/sign-in"}, token="")

    page = browser.get("/desk/sign-in", **{"accept-language": "ru-RU,ru"})
    assert "Sign in" in text_of(page)
    assert page.headers["content-language"] == "en"
    assert '<html lang="en">' in page.body.decode()


def test_a_form_that_is_none_is_refused(browser: PageBrowser) -> None:
    headers_ = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    json_, form = "application/json", "application/x-www-form-urlencoded"

    for media_type, body, status in (
        (json_, b"{}", 400),
        (form, b"forms=\xff", 400),
        (form, b"forms=%00", 400),
        (form, b"&".join(b"a=1" for _field in range(100)), 400),
        (form, b"a=" + b"x" * 100_000, 413),
    ):
        sent = {"content-type": media_type, **headers_}
        assert browser.send("POST", "/desk/operators", body, sent).status == status, body[:20]


def test_what_no_page_has_in_its_address_is_no_page(browser: PageBrowser) -> None:
    for path in ("/desk/operators/%00", "/desk/find?q=%00", "/desk/cases/%00", "/desk/tokens/x"):
        assert browser.get(path).status == 404, path
    assert browser.get(f"/desk/tokens/{'9' * 5000}").status == 404
    assert browser.submit("/desk/cases/1/verify", {"revision": "9" * 5000}).status == 404
    asked = f"/desk/operators/root/credentials/{'9' * 18}/revoke"  # the audit trail has it, too
    assert browser.submit(asked).status == 404


def test_a_failure_tells_nothing_and_has_the_headers(
    browser: PageBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("0B53001435596976")

    monkeypatch.setattr(find, "anything", broken)

    failed = browser.get("/desk/find?q=x", **{"accept-language": "ru"})

    assert failed.status == 500
    assert failed.headers["content-security-policy"] == headers.POLICY
    assert failed.headers["cache-control"] == "no-store"
    assert "Сбой на сервере" in text_of(failed)
    assert "0B53" not in failed.body.decode()


def test_a_form_is_left_for_the_page_that_it_stood_on(pages: PageDesk) -> None:
    """Not for its own address, which shows nothing: the language is chosen on a page of it."""
    browser = pages.browser("all", *Role)
    token = pages.bench.token()
    case = browser.submit(f"/desk/tokens/{token}/cases").headers["location"]
    body = urlencode({"forms": browser.forms, "revision": "1", "means": "by smell"}).encode()
    sent = {
        "content-type": "application/x-www-form-urlencoded",
        "origin": ORIGIN,
        "referer": f"{ORIGIN}{case}",
    }

    refused = browser.send("POST", f"{case}/verify", body, sent)

    assert refused.status == 400
    assert f'name="back" value="{case}"' in refused.body.decode()


def test_an_administrator_does_not_lock_themselves_out(page_desk: PageDesk) -> None:
    root = page_desk.browser("root", Role.ADMINISTRATOR)

    suspended = root.submit("/desk/operators/root/suspend")
    demoted = root.submit("/desk/operators/root/roles", {"roles": "auditor"})

    assert (suspended.status, demoted.status) == (400, 400)
    assert root.get("/desk/operators").status == 200


def test_a_new_operators_code_is_shown_once(page_desk: PageDesk) -> None:
    root = page_desk.browser("root", Role.ADMINISTRATOR)

    added = root.submit("/desk/operators", {"name": "olga", "shown": "Ольга", "roles": "operator"})

    code = re.search(r'class="words code">([\w-]+)<', added.body.decode())
    assert code is not None
    assert added.headers["cache-control"] == "no-store"
    assert code[1] not in root.get("/desk/operators/olga").body.decode()
    assert code[1].encode() not in page_desk.settings.audit.read_bytes()
    (recorded,) = page_desk.audit("desk_operator_add")
    assert recorded["outcome"] == "ok"
    (shown,) = newest(page_desk.settings.audit, Wanted(hook="desk_operator_add")).operations
    assert (shown.person, shown.facts["account"]) == ("root", "olga")


def test_a_token_is_suspended_with_a_reason_from_what_was_seen(page_desk: PageDesk) -> None:
    browser = page_desk.browser("anna", Role.OPERATOR)
    place = f"/desk/tokens/{page_desk.bench.token()}"
    seen = {"revision": field_of(browser.get(place), "revision"), "reason": "stolen bag"}

    suspended = browser.follow(f"{place}/state", {**seen, "state": "suspended"})
    late = browser.submit(f"{place}/state", {**seen, "state": "lost"})

    assert "stolen bag" in text_of(suspended)
    assert late.status == 409
