"""The operator's commands, as an operator runs and reads them."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
from pathlib import Path

import pytest
from desk_client import Client, new_key, new_login, request
from desk_home import Home
from lockwright.audit import verify
from lockwright_desk.initialise import write_configuration

CORPUS = Path(__file__).parents[2] / "tests" / "corpus" / "certificates"
GOST_CA = CORPUS / "gost2012-256-tc26-a.der"
OTP = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}")


def test_init_makes_everything_once(fresh: Home) -> None:
    first, second = fresh.run("init", "--name", "desk.bank.example"), fresh.run("init")

    assert [line.partition(" in ")[0] for line in first.out.splitlines()][:6] == [
        "The configuration is",
        "A token was made; its PIN is",
        "The CA's key was made on the token; it can never be read.",
        "The CA's certificate is",
        "The key of the one-time passwords is",
        "The server's certificate is",
    ]
    assert second.out.startswith("Everything is there already.\n")
    shown = subprocess.run(
        ["openssl", "x509", "-in", "server.pem", "-noout", "-ext", "subjectAltName"],
        cwd=fresh.folder,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "DNS:desk.bank.example" in shown.stdout


def test_everything_is_made_once_when_init_runs_twice_at_the_same_time(fresh: Home) -> None:
    write_configuration(fresh.file, ["localhost"])

    at_once = [fresh.start("init") for _each in range(3)]

    assert [each.wait(60) for each in at_once] == [0, 0, 0]
    assert fresh.run("init").out.startswith("Everything is there already.")


@pytest.mark.parametrize("command", [(), ("otp",), ("otp", "new"), ("serve",)], ids=" ".join)
def test_help_is_the_same_however_it_is_asked_for(home: Home, command: tuple[str, ...]) -> None:
    asked = {home.run(*each).out for each in ((*command, "-h"), (*command, "--help"))}
    asked.add(home.run("help", *command).out)

    assert len(asked) == 1
    assert "-h, --help" in asked.pop()


def test_init_shows_the_fingerprint_that_clients_compare(home: Home) -> None:
    told = home.run("init")
    command = ["openssl", "x509", "-in", str(home.ca), "-noout", "-fingerprint", "-sha256"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    digits = said.strip().partition("=")[2].replace(":", "")
    groups = " ".join(digits[at : at + 4] for at in range(0, 64, 4))
    assert told.out.splitlines()[-2:] == [f"    {groups[:39]}", f"    {groups[40:]}"]
    assert home.run("init", "--json").document["fingerprint"] == groups


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("Anna\N{RIGHT-TO-LEFT OVERRIDE}avorteP", "U+202E"),
        ("Anna\N{RIGHT-TO-LEFT ISOLATE}", "U+2067"),
        ("An\N{ZERO WIDTH SPACE}na", "U+200B"),
        ("Anna\x1b[2J", "U+001B"),
        ("Anna\n", "U+000A"),
    ],
)
def test_a_name_that_would_read_like_another_is_refused(home: Home, name: str, point: str) -> None:
    login = new_login()

    ended = home.run("otp", "new", login, "--set", f"name={name}")

    assert ended.code == 30
    assert f"name holds a character that cannot be seen ({point})" in ended.err
    assert login not in home.run("otp", "list").out


def test_a_name_in_any_script_is_taken(home: Home) -> None:
    for name in ("Анна Петрова", "O'Neil-Müller, Jr.", "אנה", "Nguyễn Văn An"):
        ended = home.run("otp", "new", new_login(), "--set", f"name={name}")
        assert ended.code == 0, ended.err


def test_a_password_is_shown_once_and_listed_without_its_secret(home: Home) -> None:
    login = new_login()

    made = home.run("otp", "new", login, "--set", "name=Anna Petrova")
    listed = home.run("otp", "list")

    (password,) = OTP.findall(made.out)
    assert "Certificate for:   CN=Anna Petrova,O=Bank,C=RU" in made.out
    assert "It is not shown again" in made.err
    (line,) = [line for line in listed.out.splitlines() if login in line]
    assert line.startswith(password[:9])
    assert password not in listed.out
    assert password[10:] not in listed.out


def test_the_states_of_passwords_are_listed(home: Home, client: Client) -> None:
    logins = {state: new_login() for state in ("open", "used", "revoked")}
    passwords = {state: home.otp(login) for state, login in logins.items()}
    client.enroll(request(new_key(), ""), login=logins["used"], password=passwords["used"])
    home.run("otp", "revoke", passwords["revoked"][:9].lower())

    listed = home.run("otp", "list", "--json").document["passwords"]

    assert {each["login"]: each["state"] for each in listed}.items() >= {
        login: state for state, login in logins.items()
    }.items()


def test_a_password_is_revoked_by_all_of_it_and_no_record_has_its_secret(fresh: Home) -> None:
    fresh.init()
    password = fresh.otp(new_login())
    typed = password.lower().replace("0", "o").replace("1", "l")

    ended = fresh.run("otp", "revoke", typed)

    assert (ended.code, ended.err) == (0, "")
    assert f"The one-time password {password[:9]} of" in ended.out
    trail = fresh.settings.audit.read_text()
    assert password[:9].replace("-", "") in trail
    assert password[10:14].lower() not in trail.lower()


def test_a_password_for_days_of_ones_own(home: Home) -> None:
    made = home.run("otp", "new", new_login(), "--set", "name=A", "--days", "10", "--json").document

    assert made["created_at"][:10] != made["expires_at"][:10]
    assert OTP.fullmatch(made["password"])
    assert made["password"].replace("-", "")[:8] == made["id"]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("otp", "new", "anna"), 30, "cannot be made: missing: name"),
        (("otp", "new", "an na", "--set", "name=A"), 30, "The login an na cannot be used"),
        (("otp", "new", "an:na", "--set", "name=A"), 30, "The login an:na cannot be used"),
        (("otp", "new", "anna", "--profile", "x"), 30, "There is no profile x; there are: client"),
        (("otp", "new", "anna", "--set", "name"), 2, "--set takes FIELD=VALUE"),
        (("otp", "revoke", "ZZZZ-ZZZZ"), 30, "no one-time password with the number ZZZZ-ZZZZ"),
        (("certificates", "revoke", "1234"), 30, "no certificate with the serial number 1234"),
        (("otp", "revoke", "\udcff"), 2, "it holds bytes that are no text"),
        (("certificates", "revoke", "\udcff"), 2, "it holds bytes that are no text"),
        (("requests", "approve", "9" * 20), 2, "it must be a whole number from 1 to 2147483647"),
        (("crl", "--out", "/nowhere/crl.pem"), 14, "The file /nowhere/crl.pem cannot be written"),
        (("crl", "--out", "/nowhere/crl.pem"), 14, "A new list was signed, and the server"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    home: Home, arguments: tuple[str, ...], code: int, text: str
) -> None:
    ended = home.run(*arguments)

    assert ended.code == code
    assert text in ended.err
    assert "Traceback" not in ended.err


def test_an_error_comes_as_json_where_json_was_asked_for(home: Home) -> None:
    ended = home.run("otp", "revoke", "ZZZZ", "--json")

    assert ended.document["error"]["code"] == "desk-password-unknown"
    assert ended.err == ""


def test_a_ca_that_cannot_be_checked_is_told_in_a_sentence(fresh: Home) -> None:
    assert fresh.init().code == 0
    fresh.ca.write_text(ssl.DER_cert_to_PEM_cert(GOST_CA.read_bytes()))

    ended = fresh.run("crl", "--out", "list.crl")

    assert ended.code == 9
    assert "its key is GOST R 34.10-2012 256 TC26-256-A, which cannot be checked here" in ended.err


def test_a_desk_that_is_not_set_up_says_how(fresh: Home) -> None:
    ended = fresh.run("otp", "list")

    assert ended.code == 30
    assert "Set it up with: lockwright-desk init" in ended.err


def test_certificates_are_listed_and_the_list_is_written(
    home: Home, client: Client, tmp_path: Path
) -> None:
    login = new_login()
    password = home.otp(login, name="Anna")
    reply = client.enroll(request(new_key(), ""), login=login, password=password)
    serial = f"{reply.certificate.serial_number:040x}"

    revoked = home.run("certificates", "revoke", serial, "--reason", "superseded")
    listed = home.run("certificates", "list")
    written = home.run("crl", "--out", str(tmp_path / "list.pem"))

    assert revoked.out == f"The certificate {serial} of CN=Anna,O=Bank,C=RU is revoked.\n"
    (line,) = [line for line in listed.out.splitlines() if login in line]
    assert serial in line
    assert line.rstrip().endswith(": superseded")
    assert written.code == 0
    assert "-----BEGIN X509 CRL-----" in (tmp_path / "list.pem").read_text()


def test_the_operator_is_spoken_to_in_russian(home: Home) -> None:
    ended = home.run("otp", "new", "anna", language="ru_RU.UTF-8")
    help_text = home.run("otp", "--help", "--lang", "ru")

    assert "Ничего не изменено." in ended.err
    assert "Одноразовые пароли" in help_text.out


def test_everything_is_in_the_audit_trail_and_no_secret_is(fresh: Home) -> None:
    fresh.init()
    made = fresh.run("otp", "new", "anna", "--set", "name=Anna", "--json").document
    with fresh.serving() as server:
        client, csr = Client(server), request(new_key(), "")
        client.enroll(csr, login="anna", password="wrong")
        reply = client.enroll(csr, login="anna", password=made["password"])
    fresh.run("certificates", "revoke", f"{reply.certificate.serial_number:x}")

    summary = verify(fresh.settings.audit)
    text = fresh.settings.audit.read_text()
    records = [json.loads(line) for line in text.splitlines()]
    outcomes = [(r["hook"], r.get("error", "ok")) for r in records if r["event"] == "outcome"]
    assert summary.unfinished == ()
    assert outcomes == [
        ("desk_init", "ok"),
        ("desk_otp_new", "ok"),
        ("desk_enroll", "credentials-wrong"),
        ("desk_enroll", "ok"),
        ("desk_certificate_revoke", "ok"),
    ]
    assert made["password"] not in text
    assert made["password"].replace("-", "")[8:] not in text


def test_nothing_is_issued_that_cannot_be_recorded(fresh: Home) -> None:
    fresh.init()
    password = fresh.otp("anna")
    with fresh.serving() as server:
        audit = fresh.settings.audit
        audit.rename(audit.with_suffix(".away"))
        audit.mkdir()
        reply = Client(server).enroll(request(new_key(), ""), login="anna", password=password)

        (line,) = server.lines(0)

    assert reply.status == 503
    assert int(reply.headers["retry-after"]) > 0
    assert "audit trail away" in line
    assert "login=anna" in line
    audit.rmdir()
    audit.with_suffix(".away").rename(audit)
    listed = fresh.run("otp", "list", "--json").document["passwords"]
    assert [each["state"] for each in listed] == ["open"]


def test_a_profile_has_the_numbers_of_a_person(tmp_path: Path) -> None:
    profile = '[profiles.person]\nsubject = "CN={name},INN={inn},SNILS={snils},C=RU"\n'
    home = Home(tmp_path / "desk", extra=profile)
    home.folder.mkdir()
    assert home.init().code == 0
    asked = ("otp", "new", "anna", "--profile", "person", "--set", "name=Анна Петрова")

    short = home.run(*asked, "--set", "inn=7700", "--set", "snils=12345678901")
    shown = home.run(*asked, "--set", "inn=770000000000", "--set", "snils=12345678901")
    (listed,) = home.run("otp", "list", "--json").document["passwords"]

    assert short.code != 0
    assert "INN must have 12 digits" in short.err
    assert "CN=Анна Петрова,INN=770000000000,SNILS=12345678901,C=RU" in shown.out
    numbers = "1.2.643.3.131.1.1=#120c373730303030303030303030"
    assert listed["subject"].startswith(f"CN=Анна Петрова,{numbers},1.2.643.100.3=#120b")
