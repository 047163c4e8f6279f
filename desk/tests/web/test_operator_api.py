"""The help desk for an operator's program, as its OpenAPI document has it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from desk_client import new_key
from help_desk import response_of
from jsonschema import Draft202012Validator
from lockwright.spoken import request_check, spell
from lockwright_desk.clock import now
from lockwright_desk.signin import credentials, operators
from lockwright_desk.signin.new_credentials import of_certificate
from lockwright_desk.signin.roles import ALLOWED, Action, Role, Who
from lockwright_desk.signin.sessions import COOKIE
from lockwright_desk.store.tables.cases import Way
from lockwright_desk.store.tables.register import Token
from lockwright_desk.web import operator_api
from lockwright_testkit.pki import TestCa
from page_desk import PageDesk
from sign_in_desk import WHO, Browser, Reply
from starlette.routing import Route

DOCUMENT = json.loads(
    (Path(__file__).parents[3] / "docs" / "reference" / "operator-api.json").read_text()
)
ROOT, CASE = "/operator/v1", "/operator/v1/cases/{number}"
OPEN = "open"
KNOWN = "known"
TABLE: dict[tuple[str, str], Action | str] = {
    ("POST", f"{ROOT}/session"): OPEN,
    ("DELETE", f"{ROOT}/session"): KNOWN,
    ("POST", f"{ROOT}/tokens"): Action.FIND,
    ("POST", f"{ROOT}/cases"): Action.WORK_ON_CASES,
    ("GET", CASE): Action.SEE_CASES,
    ("POST", f"{CASE}/verify"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/request"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/words"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/grounds"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/answer"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/outcome"): Action.WORK_ON_CASES,
}
"""What each route needs."""
REQUEST = bytes.fromhex("A892D75601617C5D")
BANK = TestCa.root("CN=CA of the bank's own cards")


@dataclass
class Asks:
    """A program that asks, and an answer that has to be as the document has it."""

    desk: PageDesk
    browser: Browser
    session: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, said: object = None, **named: str) -> Reply:
        """A question; ``named`` stands in the path."""
        self.browser.cookies.clear()
        bearer = f"Bearer {self.session}" if self.session else ""
        body = b"" if said is None else json.dumps(said).encode()
        sent = {"authorization": bearer, "content-type": "application/json" if body else ""}
        before = self.desk.app
        self.desk.app = operator_api.application(self.desk.site)
        try:
            reply = self.browser.send(method, path.format(**named), body, {**sent, **self.headers})
        finally:
            self.desk.app = before
        told = DOCUMENT["paths"][path][method.lower()]["responses"]
        if content := told[str(reply.status)].get("content"):
            schema = {**content["application/json"]["schema"], "components": DOCUMENT["components"]}
            Draft202012Validator(schema).validate(reply.document)
        else:
            assert reply.body == b""
        return reply

    def step(self, number: str, name: str, **said: object) -> Reply:
        """A step of a case as it is now."""
        revision = self("GET", CASE, number=number).document["revision"]
        return self("POST", f"{CASE}/{name}", {"revision": revision, **said}, number=number)


def program(desk: PageDesk, name: str, *roles: Role) -> Asks:
    """A program of somebody who is signed in by a passkey."""
    browser = desk.browser(name, *roles)
    return Asks(desk, browser, browser.cookies[COOKIE])


def with_certificate(desk: PageDesk, name: str, *roles: Role) -> Asks:
    """A program of somebody who has a certificate, and is not signed in."""
    starts = desk.clock() - now() - timedelta(days=1)
    made = BANK.issue(new_key().public_key(), f"CN={name}", starts=starts)
    desk.operator(name, *roles)
    credentials.add(desk.database, WHO, name, of_certificate(made), desk.clock())
    return Asks(desk, Browser(desk, certificate=made))


def test_a_whole_call_goes_by_the_same_steps_as_on_the_page(pages: PageDesk) -> None:
    asks = with_certificate(pages, "olga", Role.OPERATOR)
    token = pages.bench.token()
    with pages.database.reading() as session:
        serial = session.get_one(Token, token).serial

    entered = asks("POST", f"{ROOT}/session", {})
    asks.session = entered.document["session"]
    found = asks("POST", f"{ROOT}/tokens", {"serial": serial[-6:]}).document["tokens"]
    number = asks("POST", f"{ROOT}/cases", {"token": found[0]["id"]}).document["number"]

    assert (entered.document["operator"], found[0]["id"]) == ("olga", token)
    early = asks.step(number, "request", request=REQUEST.hex())
    assert (early.status, early.code) == (409, "case-state")
    assert asks.step(number, "verify", means="call-back").document["state"] == "verified"
    taken = asks.step(number, "request", request=spell(REQUEST).replace("0", "O")).document
    assert taken["notes"]
    assert (taken["case"]["request"], taken["case"]["check"]) == (spell(REQUEST), None)
    wrong = asks.step(number, "words", heard="0000 0000")
    assert (wrong.status, wrong.code) == (409, "case-words")
    words = request_check(serial, REQUEST).words("ru")
    heard = asks.step(number, "words", heard=words).document
    assert heard["check"]["digits"] == request_check(serial, REQUEST).digits
    assert asks.step(number, "grounds", reason="PIN", ticket="INC-1").document["state"] == "ready"
    answered = asks.step(number, "answer").document
    with response_of(serial, REQUEST) as response:
        assert answered["response"]["response"] == response.reveal().hex().upper()
    assert asks.step(number, "outcome", outcome="worked").document["state"] == "worked"
    assert asks("DELETE", f"{ROOT}/session").status == 204
    assert asks("GET", CASE, number=number).code == "sign-in-needed"
    assert '"olga"' in json.dumps(pages.audit("desk_sign_in"))


def test_the_words_are_told_before_only_where_confirming_is_enough(page_desk: PageDesk) -> None:
    page_desk.set(words_typed=False)
    asks = program(page_desk, "olga", Role.OPERATOR)
    opened = asks("POST", f"{ROOT}/cases", {"token": page_desk.bench.token()})
    number = opened.document["number"]
    asks.step(number, "verify", means="call-back")

    case = asks.step(number, "request", request=REQUEST.hex()).document["case"]

    assert case["check"]["words"]
    assert asks.step(number, "words", heard=None).document["words_right"]


def test_a_session_is_worth_nothing_without_its_certificate(pages: PageDesk) -> None:
    asks = with_certificate(pages, "raisa", Role.OPERATOR)
    asks.session = asks("POST", f"{ROOT}/session", {}).document["session"]
    assert asks("POST", f"{ROOT}/tokens", {"serial": "1"}).status == 200

    asks.browser.certificate = None

    assert asks("POST", f"{ROOT}/tokens", {"serial": "1"}).code == "sign-in-needed"
    assert asks("POST", f"{ROOT}/session", {}).code == "sign-in-certificate-missing"


def test_nobody_works_with_another_s_session_or_case_or_once_suspended(pages: PageDesk) -> None:
    zoya, yuri = (with_certificate(pages, name, Role.OPERATOR) for name in ("zoya", "yuri"))
    zoya.session = zoya("POST", f"{ROOT}/session", {}).document["session"]
    number = zoya("POST", f"{ROOT}/cases", {"token": pages.bench.token()}).document["number"]

    yuri.session = zoya.session
    assert yuri("GET", CASE, number=number).code == "sign-in-needed"
    yuri.session = yuri("POST", f"{ROOT}/session", {}).document["session"]
    assert yuri.step(number, "verify", means="call-back").code == "case-not-yours"
    assert zoya.step(number, "answer").code == "case-state"
    operators.suspend(pages.database, WHO, "zoya", pages.clock())
    assert zoya("GET", CASE, number=number).code == "sign-in-needed"
    assert zoya("POST", f"{ROOT}/session", {}).code == "sign-in-certificate-unknown"
    assert yuri.step(number, "outcome", outcome="call-off").document["state"] == "called-off"

    records = map(json.loads, pages.settings.audit.read_text().splitlines())
    intents = [(each["hook"], each["facts"]) for each in records if each["event"] == "intent"]
    assert [(hook, said["operator"]) for hook, said in intents if said.get("case") == number] == [
        ("desk_case_verify", "yuri"),
        ("desk_case_answer", "zoya"),
        ("desk_case_call_off", "yuri"),
    ]


def test_a_cookie_and_another_site_s_page_get_nothing(pages: PageDesk) -> None:
    asks = program(pages, "vlad", Role.OPERATOR)
    cookie = {"cookie": f"{COOKIE}={asks.session}"}
    foreign = {"sec-fetch-site": "cross-site"}

    asks.headers = foreign
    assert asks("POST", f"{ROOT}/cases", {"token": 1}).code == "from-elsewhere"
    assert asks("POST", f"{ROOT}/session", {}).code == "from-elsewhere"
    asks.headers = {"content-type": "text/plain"}
    assert asks("POST", f"{ROOT}/session", {}).code == "question-unfit"
    asks.session, asks.headers = "", cookie
    assert asks("POST", f"{ROOT}/tokens", {"serial": "1"}).code == "sign-in-needed"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("cases", [1]),
        ("cases", {"token": "1"}),
        ("cases", {"token": True}),
        ("cases", {"token": 2**70}),
        ("cases/{number}/verify", {"means": "call-back"}),
        ("cases/{number}/verify", {"revision": 1, "means": 7}),
        ("cases/{number}/verify", {"revision": 1, "means": "a\0"}),
        ("cases/{number}/verify", {"revision": 1, "means": "\ud800"}),
        ("cases/{number}/outcome", {"revision": 1, "outcome": "agree"}),
        ("cases/{number}/outcome", {"revision": 1, "outcome": "worked", "wyh": "\ud800"}),
        ("session", {"\ud800": 1}),
    ],
)
def test_what_is_not_as_the_document_has_it_is_told(
    pages: PageDesk, path: str, said: object
) -> None:
    asks = program(pages, "vlad", Role.OPERATOR)

    assert asks("POST", f"{ROOT}/{path}", said, number="12345678").code == "question-unfit"


def test_words_that_were_not_sent_count_as_no_try(pages: PageDesk) -> None:
    asks = program(pages, "vlad", Role.OPERATOR)
    number = asks("POST", f"{ROOT}/cases", {"token": pages.bench.token()}).document["number"]
    asks.step(number, "verify", means="call-back")
    asks.step(number, "request", request=secrets.token_hex(8))

    assert [asks.step(number, "words").code for _each in range(3)] == ["question-unfit"] * 3
    assert "hear-words" in asks("GET", CASE, number=number).document["may"]


def test_the_table_and_the_document_name_every_route(pages: PageDesk) -> None:
    routes = operator_api.application(pages.site).routes
    served = {
        (method, route.path)
        for route in routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    told = {
        (method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods
    }

    assert served == set(TABLE) == told


def test_no_role_gets_what_the_table_does_not_give_it(pages: PageDesk) -> None:
    wrong = []
    for role in (None, *Role):
        name = f"the-{role}"
        asks = Asks(pages, Browser(pages)) if role is None else program(pages, name, role)
        for method, path in sorted(TABLE, reverse=True):
            reply = _asked(pages, asks, method, path, name)
            refused = reply.status == 403 or b'"sign-in-needed"' in reply.body
            if refused == _may(TABLE[method, path], role):
                wrong.append((method, path, role, reply.status))

    assert wrong == []


def _asked(pages: PageDesk, asks: Asks, method: str, path: str, name: str) -> Reply:
    number = ""
    if path.startswith(CASE):
        who = Who(name, frozenset({Role.OPERATOR}))
        number = pages.bench.desk.open(who, pages.bench.token(), Way.DICTATED).number
    known = {"revision": 1, "token": pages.bench.token(), "outcome": "call-off"}
    said = None
    if method == "POST":
        body = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        said = {name: known.get(name, "1") for name in body["schema"].get("required", ())}
    return asks(method, path, said, number=number)


def _may(needs: Action | str, role: Role | None) -> bool:
    if needs == OPEN:
        return True
    return role is not None and (needs == KNOWN or role in ALLOWED[Action(needs)])
