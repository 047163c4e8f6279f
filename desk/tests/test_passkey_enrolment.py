"""Enrolling a passkey with a sign-in code, and what does not enrol one."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from lockwright_desk.signin import operators
from sign_in_desk import FORGED, NAME, ORIGIN, WHO, Browser, Clock, SignInDesk
from soft_passkey import BACKUP_ELIGIBLE, UP, UV, SoftPasskey


def test_the_browser_is_asked_for_a_verified_user_and_a_key_that_knows_its_account(
    signin: SignInDesk,
) -> None:
    browser = Browser(signin)
    made = browser.post("code", {"code": signin.operator("anna")}).document
    asked = browser.asks()

    assert made["rp"]["id"] == asked["rpId"] == NAME
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert asked["userVerification"] == "required"
    assert b"anna" not in made["user"]["id"].encode()


def test_a_passkey_is_not_enrolled_twice(signin: SignInDesk) -> None:
    passkey = signin.enrolled("anna")
    again = Browser(signin).post("code", {"code": signin.code("anna")}).document
    assert [each["id"] for each in again["excludeCredentials"]] == [passkey.id]

    assert Browser(signin).enrol(signin.operator("boris"), passkey).code == "passkey-there"
    assert Browser(signin).enrol(signin.code("boris"), SoftPasskey(ORIGIN, NAME)).status == 200


def test_a_code_that_does_not_hold_opens_nothing_and_says_no_more(signin: SignInDesk) -> None:
    used, old, suspended = (signin.operator(each) for each in ("anna", "boris", "vera"))
    Browser(signin).enrol(used, SoftPasskey(ORIGIN, NAME))
    signin.clock.on(hours=24)
    replaced, holds = signin.operator("galina"), signin.code("galina")
    operators.suspend(signin.database, WHO, "vera", signin.clock())
    wrong = "0000-" * 4 + "0000"

    refused = [
        Browser(signin).post("code", {"code": each})
        for each in (used, old, suspended, replaced, wrong, "")
    ]

    assert {(each.status, each.code) for each in refused} == {(401, "sign-in-code-wrong")}
    assert Browser(signin).post("code", {"code": holds}).status == 200


def test_of_two_passkeys_begun_with_one_code_one_is_enrolled(signin: SignInDesk) -> None:
    code, browsers = signin.operator("anna"), (Browser(signin), Browser(signin))
    asked = [each.post("code", {"code": code}).document for each in browsers]
    replies = [
        browser.post("code/passkey", {"answer": SoftPasskey(ORIGIN, NAME).make(options)})
        for browser, options in zip(browsers, asked, strict=True)
    ]

    assert [each.status for each in replies] == [200, 401]
    assert replies[1].code == "sign-in-code-wrong"


def test_an_answer_that_is_not_what_was_asked_for_enrols_nothing(signin: SignInDesk) -> None:
    code = signin.operator("anna")
    more: dict[str, dict[str, object]] = {
        "attested": {"fmt": "tpm"},
        "synced": {"flags": UP | UV | BACKUP_ELIGIBLE},
    }
    for number, (what, said) in enumerate((FORGED | more).items()):
        browser = Browser(signin, address=f"192.0.2.{number + 10}")

        refused = browser.enrol(code, replace(SoftPasskey(ORIGIN, NAME), **said))  # type: ignore[arg-type]  # as above

        wanted = "passkey-synced" if what == "synced" else "passkey-refused"
        assert (what, refused.code, browser.seen()) == (what, wanted, None)
    assert Browser(signin).enrol(code, SoftPasskey(ORIGIN, NAME)).status == 200, "the code holds"


def test_a_passkey_that_its_maker_copies_is_enrolled_where_the_bank_allows_it(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    signin = SignInDesk(tmp_path, url, Clock(), "synced_passkeys = true")
    with closing(signin.database):
        synced = SoftPasskey(ORIGIN, NAME, flags=UP | UV | BACKUP_ELIGIBLE)
        assert Browser(signin).enrol(signin.operator("anna"), synced).status == 200


def test_a_challenge_for_one_thing_is_none_for_another(signin: SignInDesk) -> None:
    code, browser, passkey = signin.operator("anna"), Browser(signin), SoftPasskey(ORIGIN, NAME)
    options = browser.post("code", {"code": code}).document
    enrols, other = dict(browser.cookies), passkey.make(options | browser.asks())

    assert browser.post("code/passkey", {"answer": other}).code == "sign-in-late"
    enrolling = Browser(signin, cookies=enrols)
    assert enrolling.post("passkey", {"answer": passkey.sign(options)}).code == "sign-in-late"
    assert browser.seen() is None
