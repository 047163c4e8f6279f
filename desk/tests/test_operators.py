"""``lockwright-desk operators``, as whoever runs the desk types it."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from desk_client import new_key
from desk_home import Home
from lockwright.audit.reading import newest
from lockwright.audit.wanted import Wanted
from lockwright_desk import clock
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.cli.who import administrator
from lockwright_desk.configuration import file as configuration
from lockwright_desk.errors import DeskConfigurationBroken, DeskNotReady
from lockwright_desk.serving.server import tls
from lockwright_desk.signin.front import Front
from lockwright_desk.signin.refusals import SignInNeeded
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.database import Database
from lockwright_testkit.pki import TestCa, pem

BEFORE = '[profiles.client]\n[ca]\nkey_file = "k"\n[server]\ncertificate = "c"\nkey = "k"\n'
SIGNIN = """
[signin]
origin = "https://desk.bank.test"
[signin.oidc]
issuer = "https://sso.bank.test"
client_id = "desk"
"""


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A desk that operators may be added to; tests share it, so each takes names of its own."""
    made = Home(tmp_path_factory.mktemp("desk"), extra=SIGNIN)
    assert made.init().code == 0
    return made


@pytest.fixture
def front(staffed: Home) -> Iterator[Front]:
    """Signing in at that desk."""
    with closing(Database(staffed.settings.database)) as database:
        yield Front(staffed.settings, database, Recorder(staffed.settings.audit), clock.now)


def test_an_operator_is_added_with_a_code_that_is_shown_once(staffed: Home, front: Front) -> None:
    added = staffed.run(
        "operators", "add", "anna", "--shown", "Анна Петрова", "--role", "operator",
        "--role", "approver", "--json",
    )  # fmt: skip
    document = added.document
    listed = staffed.run("operators", "list")

    assert (document["roles"], document["added_by"][:8]) == (["approver", "operator"], "console:")
    assert document["page"] == "https://desk.bank.test/desk/enrol"
    assert front.passkeys.begin_enrolment(Visitor("192.0.2.1"), document["code"]).options
    assert "Анна Петрова" in listed.out
    assert "approver, operator" in listed.out
    for place in (listed.out, staffed.settings.audit.read_text()):
        assert document["code"] not in place
    stored = b"".join(each.read_bytes() for each in staffed.folder.glob("desk.db*"))
    plain = document["code"].replace("-", "").encode()
    assert hashlib.sha256(plain).hexdigest().encode() in stored
    assert not [each for each in (plain, document["code"].encode()) if each in stored]


def test_what_is_typed_about_an_operator_holds(staffed: Home) -> None:
    said = [
        staffed.run("operators", *words)
        for words in (
            ("add", "boris", "--role", "operator"),
            ("code", "boris"),
            ("roles", "boris", "--role", "auditor"),
            ("suspend", "boris"),
            ("restore", "boris"),
            ("sign-out", "boris"),
            ("sessions",),
        )
    ]

    assert [each.code for each in said] == [0] * 7, [each.err for each in said]
    assert said[0].out.startswith("Operator:     boris\nSign-in code: ")
    assert [each.out for each in said[2:]] == [
        "The operator boris has other roles.\n",
        "The operator boris is suspended, and signed out everywhere.\n",
        "The operator boris may sign in again.\n",
        "0 sessions of boris are over.\n",
        "Nobody is signed in.\n",
    ]


def test_the_record_names_who_suspended_and_not_the_one_who_was(staffed: Home) -> None:
    staffed.run("operators", "add", "suspended", "--role", "operator")
    assert staffed.run("operators", "suspend", "suspended").code == 0

    found = newest(staffed.settings.audit, Wanted(hook="desk_operator_suspend", about="suspended"))

    (shown,) = found.operations
    assert shown.person == administrator().name


def test_a_certificate_signs_its_operator_in_until_it_is_taken_back(
    staffed: Home, front: Front, tmp_path: Path
) -> None:
    certificate = TestCa.root("CN=Bank CA").issue(new_key().public_key(), "CN=Vera")
    file = tmp_path / "vera.pem"
    file.write_bytes(pem(certificate))
    visitor = Visitor("192.0.2.2", certificate.public_bytes(Encoding.DER))
    added = staffed.run(
        "operators", "add", "vera", "--role", "operator", "--certificate", str(file)
    )
    assert added.out == "The operator vera is added.\n"
    assert "code" not in added.out

    cookie = front.certificates.sign_in(visitor).cookie
    assert front.who_of(cookie, visitor).who.name == "vera"
    (session,) = staffed.run("operators", "sessions", "--json").document["sessions"]
    (known,) = staffed.run("operators", "credentials", "vera", "--json").document["credentials"]
    staffed.run("operators", "revoke", str(known["id"]))

    assert (session["operator"], session["kind"], known["label"]) == (
        "vera",
        "certificate",
        "CN=Vera",
    )
    assert staffed.run("operators", "sessions", "--json").document == {"sessions": []}
    add = ("add", "x", "--role", "operator", "--certificate", str(file), "--json")
    twice = staffed.run("operators", *add)
    assert twice.document["error"]["code"] == "desk-credential-there"
    assert staffed.run("operators", "code", "x").code == 30, "nobody was added by half"
    assert staffed.run("operators", "certificate", "vera", str(file)).code == 0
    with pytest.raises(SignInNeeded):
        front.who_of(cookie, visitor)
    assert front.certificates.sign_in(visitor).operator == "vera", "it was taken back by mistake"


def test_a_subject_of_the_banks_sign_in_is_one_operators_alone(staffed: Home) -> None:
    add = ("add", "--role", "operator", "--json", "--oidc", "7c0f")
    first = staffed.run("operators", *add, "galina")
    second = staffed.run("operators", "add", "elena", "--role", "operator")
    said = [staffed.run("operators", "oidc", "elena", each) for each in ("8d10", "7c0f")]

    assert (first.document["credentials"], second.code) == (1, 0)
    assert said[0].out == "The operator elena signs in at the bank's own sign-in.\n"
    assert "Somebody signs in with that already, or did." in said[1].err


REFUSED = (
    (("add", "a b", "--role", "operator"), "desk-operator-unusable"),
    (("add", "и\u0306", "--role", "operator"), "desk-operator-unusable"),
    (("add", "OLGA", "--role", "operator"), "desk-operator-there"),
    (("add", "\u041elga", "--role", "operator"), "desk-operator-there"),  # a Cyrillic letter
    (("add", "console:root", "--role", "operator"), "desk-operator-unusable"),
    (("add", "..", "--role", "operator"), "desk-operator-unusable"),  # no page could be its own
    (("add", "x", "--shown", "a\x1b[31m", "--role", "operator"), "desk-operator-unusable"),
    (("roles", "nobody", "--role", "operator"), "desk-operator-unknown"),
    (("suspend", "nobody"), "desk-operator-unknown"),
    (("code", "nobody"), "desk-operator-unknown"),
    (("sign-out", "nobody"), "desk-operator-unknown"),
    (("revoke", "999"), "desk-credential-unknown"),
    (("add", "x", "--role", "operator", "--oidc", "a\x07"), "desk-credential-unusable"),
    (("oidc", "nobody", "sub"), "desk-operator-unknown"),
    (("add", "x", "--role", "operator", "--certificate", "desk.toml"), "desk-credential-unusable"),
    (("add", "x", "--role", "operator", "--certificate", "none"), "desk-credential-unusable"),
)


def test_what_cannot_be_done_is_told_and_changes_nothing(staffed: Home) -> None:
    assert staffed.run("operators", "add", "olga", "--role", "operator").code == 0
    for words, code in REFUSED:
        told = staffed.run("operators", *words, "--json")
        assert (words, told.code, told.document["error"]["code"]) == (words, 30, code)

    listed = staffed.run("operators", "list", "--json").document["operators"]
    assert not {each["name"] for each in listed} & {"x", "a b", "console:root", "OLGA"}


def test_what_the_how_to_has_people_type_works_in_that_order(fresh: Home) -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "let-operators-sign-in.md"
    typed = re.findall(r"^(?:\$ )?lockwright-desk (operators .+)$", page.read_text(), re.MULTILINE)
    home = replace(fresh, extra=SIGNIN)
    assert home.init().code == 0
    for name in ("anna", "vera"):
        made = TestCa.root(f"CN={name}").issue(new_key().public_key(), f"CN={name}")
        (home.folder / f"{name}.pem").write_bytes(pem(made))

    ended = [(words, home.run(*shlex.split(words))) for words in typed]

    assert len(ended) == 11
    assert [(words, each.err) for words, each in ended if each.code] == []
    assert "The operator anna is suspended" in ended[5][1].out


def test_it_speaks_russian(staffed: Home) -> None:
    added = staffed.run("operators", "add", "zoya", "--role", "operator", language="ru_RU.UTF-8")
    wrong = staffed.run("operators", "suspend", "nobody", language="ru_RU.UTF-8")

    assert [line[:15] for line in added.out.splitlines()] == [
        "Сотрудник:     ",
        "Код для входа: ",
        "Использовать:  ",
    ]
    assert "Сотрудника nobody нет." in wrong.err


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_cas_that_cannot_be_read_are_told_before_anything_is_served(
    staffed: Home, tmp_path: Path, content: str | None
) -> None:
    file, settings = tmp_path / "operators.pem", staffed.settings
    if content is not None:
        file.write_text(content)
    assert settings.signin is not None
    signin = replace(settings.signin, client_ca=file)

    with pytest.raises(DeskNotReady, match=re.escape(str(file))):
        tls(replace(settings, signin=signin))


def test_a_desk_without_signin_says_so(home: Home) -> None:
    told = home.run("operators", "add", "anna", "--role", "operator")

    assert told.code == 30
    assert "no table [signin]" in told.err
    assert home.run("operators", "list").code == 0


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("https://127.0.0.1:8443", "a passkey needs a name"),
        ("https://[::1]", "a passkey needs a name"),
        ("https://0x7f.1", "a passkey needs a name"),
        ("http://desk.bank.test", "is not like"),
        ("https://desk.bank.test/page", "is not like"),
        ("https://anna@desk.bank.test", "is not like"),
        ("https://desk.bank.test:port", "is not like"),
        ("desk.bank.test", "is not like"),
    ],
)
def test_an_origin_that_no_passkey_can_have_is_refused(fresh: Home, origin: str, said: str) -> None:
    fresh.file.write_text(f'{BEFORE}[signin]\norigin = "{origin}"\n')

    with pytest.raises(DeskConfigurationBroken, match=re.escape(origin)) as told:
        configuration.load(fresh.file)
    assert said in str(told.value)
