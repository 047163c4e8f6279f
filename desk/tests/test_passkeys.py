"""Signing in with a passkey, and what forgers, thieves and mistaken people get."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from lockwright_desk.signin.begun import COOKIE as BEGUN
from lockwright_desk.signin.random_values import hash_of
from lockwright_desk.signin.sessions import COOKIE
from lockwright_desk.store.tables.signin import BegunSignIn
from sign_in_desk import FORGED, NAME, ORIGIN, Browser, Clock, SignInDesk
from soft_passkey import SoftPasskey, base64url
from sqlalchemy import func, select


def test_a_code_enrols_one_passkey_and_signs_in_at_two_replicas(
    each_database: str, tmp_path: Path
) -> None:
    clock = Clock()
    first, second = (SignInDesk(tmp_path / each, each_database, clock) for each in ("one", "two"))
    with closing(first.database), closing(second.database):
        code, passkey = first.operator("anna"), SoftPasskey(ORIGIN, NAME)
        here = Browser(first)
        asked = here.post("code", {"code": code.lower().replace("-", " ")}).document
        there = replace(here, desk=second)
        enrolled = there.post("code/passkey", {"answer": passkey.make(asked), "label": "blue"})
        assert (enrolled.status, here.seen(), there.seen()) == (200, "anna", "anna")

        clock.on(hours=11)
        assert here.seen() is None
        begun = here.asks()
        assert begun["allowCredentials"] == []
        assert there.post("passkey", {"answer": passkey.sign(begun)}).document == {
            "go": "/desk/queue"
        }
        assert (here.seen(), there.seen()) == ("anna", "anna")


def test_what_the_browser_is_given_is_for_this_host_over_tls_and_no_script(
    signin: SignInDesk, tmp_path: Path
) -> None:
    browser = Browser(signin)
    browser.enrol(signin.operator("anna"), SoftPasskey(ORIGIN, NAME))

    for name in (COOKIE, BEGUN):
        attributes = browser.given[name].lower().split("; ")[1:]
        assert name.startswith("__Host-")
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= set(attributes)
    assert len(browser.cookies[COOKIE]) == 43
    stored = b"".join(each.read_bytes() for each in tmp_path.glob("desk.db*"))
    assert hash_of(browser.cookies[COOKIE]).encode() in stored
    assert browser.cookies[COOKIE].encode() not in stored


def test_of_many_at_the_same_time_at_two_replicas_one_gets_in(
    each_database: str, tmp_path: Path
) -> None:
    """One answer of a passkey, and one sign-in code, sent again and again at once."""
    clock = Clock()
    desks = [SignInDesk(tmp_path / each, each_database, clock) for each in ("one", "two")]
    with closing(desks[0].database), closing(desks[1].database), ThreadPoolExecutor(6) as pool:
        passkey, begun = desks[0].enrolled("anna"), Browser(desks[0])
        answer = {"answer": passkey.sign(begun.asks())}
        code = desks[0].code("anna")

        def signs_in(number: int) -> int:
            browser = Browser(desks[number % 2], f"192.0.2.{number}", cookies=dict(begun.cookies))
            return browser.post("passkey", answer).status

        def enrols(number: int) -> int:
            browser = Browser(desks[number % 2], f"192.0.2.{number}")
            return browser.enrol(code, SoftPasskey(ORIGIN, NAME)).status

        for attempt in (signs_in, enrols):
            statuses = list(pool.map(attempt, range(6)))
            assert (statuses.count(200), set(statuses)) == (1, {200, 401}), attempt


def test_an_answer_that_is_not_what_was_asked_for_signs_nobody_in(signin: SignInDesk) -> None:
    passkey = signin.enrolled("anna")
    for number, (what, said) in enumerate(FORGED.items()):
        browser = Browser(signin, address=f"192.0.2.{number + 10}")

        refused = browser.sign_in(replace(passkey, **said))  # type: ignore[arg-type]  # its fields

        assert (what, refused.status, refused.code) == (what, 401, "passkey-refused")
        assert browser.seen() is None
    assert Browser(signin).sign_in(passkey).status == 200, "its counter still counts"


def test_a_signature_of_another_key_signs_nobody_in(signin: SignInDesk) -> None:
    passkey = signin.enrolled("anna")
    forged = SoftPasskey(ORIGIN, NAME, credential=passkey.credential, handle=passkey.handle)

    assert Browser(signin).sign_in(forged).code == "passkey-refused"


def test_a_passkey_that_names_another_account_signs_nobody_in(signin: SignInDesk) -> None:
    passkey, other = signin.enrolled("anna"), signin.enrolled("boris")
    for handle in (other.handle, b""):
        refused = Browser(signin).sign_in(replace(passkey, handle=handle))
        assert refused.code == "passkey-refused"


def test_a_passkey_whose_counter_went_back_is_taken_for_a_copy(signin: SignInDesk) -> None:
    passkey = signin.enrolled("anna")
    assert Browser(signin).sign_in(passkey).status == 200
    copy = replace(passkey, count=passkey.count - 1)

    assert Browser(signin).sign_in(copy).code == "passkey-copied"
    assert signin.audit("desk_sign_in")[-1]["error"] == "passkey-copied"
    assert Browser(signin).sign_in(passkey).status == 200, "the one that counts on is let in"


def test_a_passkey_that_counts_nothing_signs_in_again_and_again(signin: SignInDesk) -> None:
    passkey = SoftPasskey(ORIGIN, NAME, count=0, step=0)
    Browser(signin).enrol(signin.operator("anna"), passkey)

    assert [Browser(signin).sign_in(passkey).status for _each in range(2)] == [200, 200]


def test_a_challenge_is_good_once_soon_and_in_its_own_browser(signin: SignInDesk) -> None:
    passkey, browser = signin.enrolled("anna"), Browser(signin)
    asked, begun = browser.asks(), dict(browser.cookies)
    answer = {"answer": passkey.sign(asked)}
    other = Browser(signin)
    other.asks()
    assert other.post("passkey", answer).code == "passkey-refused", "another browser"
    assert browser.post("passkey", answer).status == 200

    for path in ("passkey", "code/passkey"):
        again = Browser(signin, cookies=dict(begun))
        assert (again.post(path, answer).code, again.seen()) == ("sign-in-late", None)
    late = Browser(signin)
    answer = {"answer": passkey.sign(late.asks())}
    signin.clock.on(minutes=5)
    assert late.post("passkey", answer).code == "sign-in-late"


def test_an_answer_of_anything_at_all_is_refused_in_order(signin: SignInDesk) -> None:
    passkey = signin.enrolled("anna")
    good = passkey.sign(Browser(signin).asks())
    odd = [
        {},
        {**good, "rawId": "AAAA"},
        {**good, "id": base64url(bytes(2000)), "rawId": base64url(bytes(2000))},
        {**good, "response": {**good["response"], "clientDataJSON": "%%%"}},
        {**good, "response": {**good["response"], "authenticatorData": ""}},
        {**good, "response": {**good["response"], "signature": "AAAA"}},
        {**good, "response": {**good["response"], "userHandle": 7}},
        {**good, "response": []},
    ]

    for number, answer in enumerate(odd):
        browser = Browser(signin, address=f"192.0.2.{number + 10}")
        browser.asks()
        assert browser.post("passkey", {"answer": answer}).status == 401, answer
    assert len(signin.audit("desk_sign_in")) == len(odd)
    odder: tuple[object, ...] = ([], {"answer": "text"}, {"code": 7})
    for said in odder:
        assert Browser(signin).post("passkey", said).code == "sign-in-unreadable"
    assert Browser(signin).post("code", {"code": "\0"}).code == "sign-in-unreadable"


def test_what_another_sites_page_sends_is_refused(signin: SignInDesk) -> None:
    code = signin.operator("anna")
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": ""},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "null"},
    ):
        refused = Browser(signin).post("code", {"code": code}, **headers)
        assert (refused.status, refused.code) == (403, "from-elsewhere")
    form = {"content_type": "text/plain", "sec_fetch_site": "same-origin"}
    assert Browser(signin).post("code", {"code": code}, **form).code == "sign-in-unreadable"


def test_guesses_are_slowed_down_and_keep_nobody_out(signin: SignInDesk) -> None:
    """Not even behind the same address: the passkey and the code are there."""
    passkey, code = signin.enrolled("anna"), signin.operator("boris")
    forger = Browser(signin)

    codes = [forger.post("code", {"code": f"{each:020}"}).code for each in range(9)]
    unknown = forger.sign_in(SoftPasskey(ORIGIN, NAME))

    assert codes == ["sign-in-code-wrong"] * 8 + ["too-many-failures"]
    assert (unknown.status, int(unknown.headers["retry-after"])) == (429, 15 * 60 + 1)
    assert Browser(signin).sign_in(passkey).status == 200
    assert Browser(signin).enrol(code, SoftPasskey(ORIGIN, NAME)).status == 200
    assert len(signin.audit("desk_passkey_begin")) == 10, "what is not judged fills no trail"
    signin.clock.on(minutes=15)
    assert forger.post("code", {"code": "0" * 20}).code == "sign-in-code-wrong"


def test_one_passkey_is_tried_few_times_from_one_place(signin: SignInDesk) -> None:
    passkey = signin.enrolled("anna")
    forged = SoftPasskey(ORIGIN, NAME, credential=passkey.credential, handle=passkey.handle)

    refused = [Browser(signin).sign_in(forged).code for _each in range(4)]

    assert refused == ["passkey-refused"] * 3 + ["too-many-failures"]
    assert Browser(signin, address="192.0.2.9").sign_in(passkey).status == 200


def test_whoever_only_begins_fills_no_database(
    signin: SignInDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lockwright_desk.signin.begun._MOST", 3)
    browser = Browser(signin)
    statuses = [browser.post("passkey/begin", {}).status for _each in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert Browser(signin, address="192.0.2.7").post("passkey/begin", {}).status == 200
    signin.clock.on(minutes=5)
    assert browser.post("passkey/begin", {}).status == 200
    with signin.database.looking() as connection:
        assert connection.scalar(select(func.count()).select_from(BegunSignIn)) == 1


def test_the_audit_trail_has_every_sign_in_and_every_failure_and_no_secret(
    signin: SignInDesk,
) -> None:
    code, passkey, browser = signin.operator("anna"), SoftPasskey(ORIGIN, NAME), Browser(signin)
    browser.enrol(code, passkey)
    browser.sign_in(passkey)
    browser.sign_in(SoftPasskey(ORIGIN, NAME))

    first, second = signin.audit("desk_sign_in")
    assert (first["outcome"], first["facts"]) == ("ok", {"operator": "anna"})
    assert (second["outcome"], second["error"]) == ("error", "passkey-unknown")
    assert signin.audit("desk_passkey_new")[0]["facts"]["operator"] == "anna"
    written = signin.settings.audit.read_text()
    assert not [
        each for each in (code, code.replace("-", ""), *browser.cookies.values()) if each in written
    ]
