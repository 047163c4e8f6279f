"""Who is signed in, for how long, and what ends it: the same with both databases."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from desk_client import new_key
from lockwright_desk.clock import now
from lockwright_desk.signin import credentials, operators
from lockwright_desk.signin.forgery import FIELD, HEADER, check_origin, check_token
from lockwright_desk.signin.new_credentials import of_certificate
from lockwright_desk.signin.refusals import FromElsewhere
from lockwright_desk.signin.roles import ALLOWED, Action, NotAllowed, Role, Who
from lockwright_desk.signin.sessions import COOKIE, SHORT
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.tables.signin import Operator
from lockwright_testkit.pki import TestCa
from sign_in_desk import HOME, ORIGIN, WHO, Browser, Clock, SignInDesk
from sqlalchemy import update

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "let-operators-sign-in.md"


def signed_in(desk: SignInDesk, name: str = "anna") -> Browser:
    """Somebody's browser."""
    browser = Browser(desk)
    assert browser.sign_in(desk.enrolled(name)).status == 200
    return browser


def test_a_session_ends_when_nothing_is_done_and_at_the_longest(
    each_database: str, tmp_path: Path
) -> None:
    desk = SignInDesk(tmp_path, each_database, Clock(), "idle_minutes = 10\nhours = 1")
    with closing(desk.database):
        idle = signed_in(desk)
        desk.clock.on(minutes=9)
        assert idle.seen() == "anna"
        desk.clock.on(minutes=9)
        assert idle.seen() == "anna", "it was used in between"
        desk.clock.on(minutes=9)
        assert idle.home(x_by_itself="1").status == 200
        desk.clock.on(minutes=1)
        assert idle.seen() is None, "what a page asks by itself keeps nobody signed in"

        busy = Browser(desk, cookies={})
        busy.sign_in(desk.enrolled("boris"))
        for _each in range(6):
            assert busy.seen() == "boris"
            desk.clock.on(minutes=9, seconds=59)
        desk.clock.on(seconds=6)
        assert busy.seen() is None


def test_whoever_is_suspended_is_out_at_every_replica_at_once(
    each_database: str, tmp_path: Path
) -> None:
    clock = Clock()
    first, second = (SignInDesk(tmp_path / each, each_database, clock) for each in ("one", "two"))
    with closing(first.database), closing(second.database):
        here, passkey = Browser(first), first.enrolled("anna")
        here.sign_in(passkey)
        there = replace(here, desk=second)
        assert there.seen() == "anna"

        operators.suspend(first.database, WHO, "anna", clock())

        assert (here.seen(), there.seen()) == (None, None)
        assert Browser(second).sign_in(passkey).code == "passkey-unknown"
        operators.restore(second.database, WHO, "anna")
        assert (here.seen(), there.seen()) == (None, None), "what was ended stays so"
        assert Browser(first).sign_in(passkey).status == 200


def test_a_passkey_taken_back_and_being_signed_out_end_what_was_begun(signin: SignInDesk) -> None:
    first, second = signed_in(signin), signed_in(signin, "boris")
    (passkey,) = credentials.every(signin.database, WHO, "anna")

    credentials.revoke(signin.database, WHO, passkey.id, signin.clock())
    ended = signin.front.sessions.end_all(WHO, "boris", signin.clock())

    assert (first.seen(), second.seen(), ended) == (None, None, 2)
    assert signin.front.sessions.every(WHO, signin.clock()) == []


def test_a_session_that_was_not_ended_ends_with_its_operator(signin: SignInDesk) -> None:
    """As one does that began in the moment of the suspension."""
    browser = signed_in(signin)
    with signin.database.changing() as connection:
        connection.execute(update(Operator).values(suspended_at=signin.clock()))

    assert browser.seen() is None


def test_signing_out_makes_every_copy_of_the_cookie_worthless(signin: SignInDesk) -> None:
    browser = signed_in(signin)
    copy = replace(browser, cookies=dict(browser.cookies))
    cookie = browser.cookies[COOKIE]

    signin.front.sign_out(cookie, signin.front.who_of(cookie, Visitor("", agent=browser.agent)))

    assert (browser.seen(), copy.seen()) == (None, None)
    assert signin.audit("desk_sign_out")[0]["outcome"] == "ok"


def test_signing_in_again_gives_another_cookie_and_ends_the_one_before(signin: SignInDesk) -> None:
    """So nobody is led to work in a session that somebody else has prepared."""
    passkey = signin.enrolled("anna")
    browser = Browser(signin, cookies={COOKIE: "of-my-own-choice"})
    browser.sign_in(passkey)
    first = browser.cookies[COOKIE]
    browser.sign_in(passkey)

    assert browser.cookies[COOKIE] not in {first, "of-my-own-choice"}
    assert replace(browser, cookies={COOKIE: first}).seen() is None


@pytest.mark.parametrize("how", ["another browser", "forged", "hash", "long", "none"])
def test_a_cookie_in_other_hands_is_worth_nothing(signin: SignInDesk, how: str) -> None:
    browser = signed_in(signin)
    cookie = browser.cookies[COOKIE]
    (session,) = signin.front.sessions.every(WHO, signin.clock())[:1]
    thief = replace(browser, cookies={COOKIE: cookie})
    if how == "another browser":
        thief.agent = "Browser/2"
    else:
        forged = {"forged": cookie[:-1] + "~", "hash": session.id, "long": cookie * 99, "none": ""}
        thief.cookies = {COOKIE: forged[how]}

    assert (thief.seen(), browser.seen()) == (None, "anna")


def test_a_certificate_signs_in_while_it_is_valid(signin: SignInDesk) -> None:
    """Also where a proxy looks at nothing."""
    signin.clock.time = now()
    certificate = TestCa.root().issue(new_key().public_key())
    new = [of_certificate(certificate)]
    operators.add(signin.database, WHO, "vera", "", [Role.AUDITOR], signin.clock(), new)
    browser = Browser(signin, certificate=certificate)
    replies = []
    for days in (-2, 2, 370):
        signin.clock.on(days=days)
        replies.append(browser.post("certificate", {}))

    assert [each.status for each in replies] == [401, 200, 401]
    assert replies[0].code == replies[2].code == "sign-in-certificate-over"


def test_roles_hold_with_the_next_request(signin: SignInDesk) -> None:
    browser = signed_in(signin)
    before = browser.home().document["roles"]

    operators.set_roles(signin.database, WHO, "anna", [Role.APPROVER, Role.AUDITOR])

    assert (before, browser.home().document["roles"]) == (["operator"], ["approver", "auditor"])


def test_a_clock_that_is_put_back_lengthens_no_session(signin: SignInDesk) -> None:
    browser = signed_in(signin)
    signin.clock.on(hours=-2)

    assert browser.seen() is None


def test_who_signs_in_is_seen_at_a_replica_whose_clock_is_behind(
    each_database: str, tmp_path: Path
) -> None:
    """The browser goes on in milliseconds; two clocks never show the same."""
    here = SignInDesk(tmp_path / "here", each_database, Clock())
    there = SignInDesk(tmp_path / "there", each_database, Clock())
    there.clock.on(seconds=-2)
    with closing(here.database), closing(there.database):
        browser = signed_in(here)

        browser.desk = there

        assert browser.seen() == "anna"


def test_sessions_are_listed_by_what_gives_no_cookie_away(signin: SignInDesk) -> None:
    browser = signed_in(signin)
    found = signin.front.sessions.every(WHO, signin.clock())

    assert [(each.operator, each.kind.value) for each in found] == [("anna", "passkey")] * 2
    assert not [each.id for each in found if each.id in browser.cookies[COOKIE]]
    assert {len(each.id) for each in found} == {SHORT}


def test_a_form_is_believed_only_from_a_page_of_this_session(signin: SignInDesk) -> None:
    sessions = []
    for browser in (signed_in(signin), signed_in(signin, "boris")):
        visitor = Visitor(browser.address, agent=browser.agent)
        sessions.append(signin.front.who_of(browser.cookies[COOKIE], visitor))
    mine, theirs = sessions
    check_token(mine, {}, {FIELD: mine.forms})
    check_token(mine, {HEADER: mine.forms}, {})

    for headers, form in (
        ({}, {}),
        ({}, {FIELD: ""}),
        ({}, {FIELD: theirs.forms}),
        ({HEADER: "Ж"}, {FIELD: mine.forms}),
    ):
        with pytest.raises(FromElsewhere):
            check_token(mine, headers, form)
    assert mine.forms not in HOME


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        ({"origin": ORIGIN}, True),
        ({"origin": ORIGIN, "sec-fetch-site": "same-origin"}, True),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({}, False),
        ({"origin": "null"}, False),
        ({"origin": ORIGIN, "sec-fetch-site": "cross-site"}, False),
        ({"origin": ORIGIN, "sec-fetch-site": "same-site"}, False),
        ({"origin": ORIGIN, "sec-fetch-site": "none"}, False),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, False),
        ({"origin": ORIGIN + ".evil.example"}, False),
        ({"origin": ORIGIN.upper()}, False),
    ],
)
def test_a_change_is_made_for_pages_of_this_origin_alone(
    said: dict[str, str], *, believed: bool
) -> None:
    try:
        check_origin(said, ORIGIN)
    except FromElsewhere:
        assert not believed
    else:
        assert believed


def test_each_action_has_its_roles_and_the_page_says_which() -> None:
    """The table of who may do what, as ``-s`` shows it and the how-to has it."""
    lines = ["| | " + " | ".join(Role) + " |", "|---" * (len(Role) + 1) + "|"]
    for action in Action:
        may = {role: is_let(Who("x", frozenset({role})), action) for role in Role}
        lines.append(f"| {action} | {' | '.join('yes' if may[role] else '' for role in Role)} |")

        assert {role for role, let in may.items() if let} == ALLOWED[action]
        assert not is_let(Who("x", frozenset()), action)
    table = "\n".join(lines)
    print(f"\n{table}")  # noqa: T201  # the table

    assert table in HOW_TO.read_text()


def is_let(who: Who, action: Action) -> bool:
    try:
        who.require(action)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
def test_operators_are_changed_by_administrators_alone(signin: SignInDesk, role: Role) -> None:
    who, database, now = Who("x", frozenset({role})), signin.database, signin.clock()
    sessions = signin.front.sessions
    for attempt in (
        lambda: operators.add(database, who, "eve", "", [Role.ADMINISTRATOR], now),
        lambda: operators.every(database, who),
        lambda: operators.one(database, who, "eve"),
        lambda: operators.suspend(database, who, "eve", now),
        lambda: operators.restore(database, who, "eve"),
        lambda: operators.set_roles(database, who, "x", [Role.ADMINISTRATOR]),
        lambda: credentials.every(database, who),
        lambda: credentials.revoke(database, who, 1, now),
        lambda: sessions.every(who, now),
        lambda: sessions.end_all(who, "x", now),
    ):
        with pytest.raises(NotAllowed):
            attempt()
