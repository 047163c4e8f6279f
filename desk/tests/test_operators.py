"""``lockwright-desk operators``, as whoever runs the desk types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from desk_client import new_key
from desk_home import Home
from lockwright_desk import clock
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.signin.front import Front
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.database import Database
from lockwright_testkit.pki import TestCa, pem

BEFORE = '[profiles.client]\n[ca]\nkey_file = "k"\n[server]\ncertificate = "c"\nkey = "k"\n'
SIGNIN = '[signin]\norigin = "https://desk.bank.test"\n'


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
    assert document["code"].encode() not in (staffed.folder / "desk.db").read_bytes()


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
    again = staffed.run("operators", "certificate", "vera", str(file))
    assert (
        "desk-credential-there"
        in staffed.run("operators", "certificate", "vera", str(file), "--json").out
    )
    assert again.code == 30


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("add", "a b", "--role", "operator"), "desk-operator-unusable"),
        (("add", "console:root", "--role", "operator"), "desk-operator-unusable"),
        (("add", "x", "--shown", "a\x1b[31m", "--role", "operator"), "desk-operator-unusable"),
        (("roles", "nobody", "--role", "operator"), "desk-operator-unknown"),
        (("suspend", "nobody"), "desk-operator-unknown"),
        (("code", "nobody"), "desk-operator-unknown"),
        (("sign-out", "nobody"), "desk-operator-unknown"),
        (("revoke", "999"), "desk-credential-unknown"),
        (("add", "x", "--role", "operator", "--oidc", "sub"), "desk-credential-unusable"),
        (
            ("add", "x", "--role", "operator", "--certificate", "desk.toml"),
            "desk-credential-unusable",
        ),
        (("add", "x", "--role", "operator", "--certificate", "none"), "desk-credential-unusable"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    staffed: Home, words: tuple[str, ...], code: str
) -> None:
    told = staffed.run("operators", *words, "--json")

    assert (told.code, json.loads(told.out)["error"]["code"]) == (30, code)
    names = {
        each["name"] for each in staffed.run("operators", "list", "--json").document["operators"]
    }
    assert not names & {"x", "a b"}


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
    told = fresh.run("operators", "list")

    assert said in told.err
    assert origin in told.err
