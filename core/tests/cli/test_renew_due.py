"""``renew --due``, and what ``tokens`` and ``list`` say of a CA's word, on a real token."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from lockwright_testkit.cmp_ca import CmpCa
from lockwright_testkit.containers import container
from lockwright_testkit.est_server import Asked, EstServer, Reply
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.softhsm import AddedToken, SoftHSM

OTP = "Maple-Drum-77"
PIN = ("--pin-file", "user.pin")
LOGIN = ("--login", "anna", "--otp-file", "otp")
DRY = ("renew", "--due", "--dry-run", "--json")
Enrol = Callable[..., str]


class Says:
    """What a CA says of every certificate, and how often it was asked."""

    def __init__(self, server: EstServer) -> None:
        self.reply = Reply(404)
        self.paths: list[str] = []
        server.instead = self._answer

    def window(self, start: float, end: float, **more: object) -> None:
        """A window, in days from now."""
        window = {"start": self.moment(start), "end": self.moment(end)}
        body = json.dumps({"suggestedWindow": window, **more}).encode()
        self.reply = Reply(200, body, {"Content-Type": "application/json", "Retry-After": "3600"})

    @staticmethod
    def moment(days: float) -> str:
        return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"

    def _answer(self, asked: Asked) -> Reply | None:
        if "/renewal-info/" not in asked.path:
            return None
        self.paths.append(asked.path)
        assert "authorization" not in asked.headers
        return self.reply


@pytest.fixture
def server(ca: TestCa) -> Iterator[EstServer]:
    with EstServer(ca, {"anna": OTP}) as running:
        yield running


@pytest.fixture
def says(server: EstServer) -> Says:
    return Says(server)


@pytest.fixture
def bank(program: Program, token: AddedToken, server: EstServer) -> Program:
    """The program, whose CA is asked when to renew."""
    configure(program, server, 'renewal_info = "renewal-info"')
    program.secret("otp", OTP)
    return program


def configure(program: Program, server: EstServer, *lines: str, path: str = "") -> None:
    text = (
        *("[ca.bank]", f'url = "{server.url}{path}"', f'trust = ["{program.home / "ca.pem"}"]'),
        *('subject = "CN={login},O=Bank"', 'key_type = "ec:p256"', *lines),
    )
    folder = program.home / "config" / "lockwright"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text("\n".join(text) + "\n")


def labels(program: Program) -> list[str]:
    found = program.run("list", *PIN, "--json").document["containers"]
    return sorted(each["label"] for each in found)


# --- a CA's word ----------------------------------------------------------------------------------


def test_a_certificate_is_due_when_its_ca_says_so_though_it_lasts(
    bank: Program, says: Says, enrol: Enrol
) -> None:
    enrol("work", lasts=timedelta(days=300))
    before = bank.run("tokens")
    says.window(-0.5, -0.1, explanationURL="https://bank.example/why")

    (due,) = bank.run(*DRY).document["certificates"]
    after = bank.run("tokens")

    assert before.err == ""
    assert (due["why"], due["cas"], due["url"]) == ("ca", ["bank"], "https://bank.example/why")
    assert "The CA bank wants the certificate of work renewed now" in after.err
    assert "renew --due (why: https://bank.example/why)" in after.err
    assert "renewed now" in bank.run("list").err


def test_looking_at_tokens_asks_nobody(bank: Program, says: Says, enrol: Enrol) -> None:
    enrol("work", lasts=timedelta(days=10))
    says.window(-0.5, -0.1)

    for command in ("tokens", "list"):
        assert bank.run(command).code == 0

    assert says.paths == []


def test_a_later_time_of_the_ca_counts_more_than_the_days_of_the_configuration(
    bank: Program, says: Says, enrol: Enrol
) -> None:
    enrol("work", lasts=timedelta(days=22))
    says.window(15, 18)

    (found,) = bank.run(*DRY).document["certificates"]
    told = bank.run("list").err

    assert found["why"] is None
    assert says.moment(15) <= found["moment"] <= says.moment(18)
    assert f"its CA wants it renewed on {found['moment'][:10]}" in told


def test_the_moment_in_the_window_is_drawn_once(bank: Program, says: Says, enrol: Enrol) -> None:
    for label in ("one", "two"):
        enrol(label, lasts=timedelta(days=300))
    says.window(100, 200)

    first, second = (
        {each["label"]: each["moment"] for each in bank.run(*DRY).document["certificates"]}
        for _ in range(2)
    )

    assert first == second
    assert first["one"] != first["two"]


def test_a_ca_is_asked_again_only_after_its_time(bank: Program, says: Says, enrol: Enrol) -> None:
    enrol("work", lasts=timedelta(days=300))
    says.window(100, 200)

    bank.run(*DRY)
    bank.run(*DRY)
    (file,) = (bank.home / "state" / "lockwright" / "enrolments" / "renewal-info").glob("*.json")
    kept = json.loads(file.read_text())
    file.write_text(json.dumps({**kept, "again": says.moment(-1)}))
    says.window(-0.5, -0.1)
    (found,) = bank.run(*DRY).document["certificates"]

    assert len(says.paths) == 2
    assert found["why"] == "ca"


def test_a_ca_is_asked_when_it_has_issued(bank: Program, says: Says) -> None:
    says.window(-0.5, 300)

    ended = bank.run("enroll", "--ca", "bank", *LOGIN, *PIN)
    (shown,) = bank.run("list", *PIN, "--json").document["renewals"]

    assert ended.code == 0, ended
    assert len(says.paths) == 1
    assert shown["window"] in json.loads(says.reply.body).values()


def test_a_ca_that_the_bank_does_not_have_asked_is_not(
    program: Program, server: EstServer, says: Says, enrol: Enrol
) -> None:
    configure(program, server)
    enrol("work", lasts=timedelta(days=10))
    says.window(100, 200)

    (found,) = program.run(*DRY).document["certificates"]

    assert found["why"] == "days"
    assert says.paths == []


def test_an_answer_that_is_none_leaves_the_days_of_the_configuration(
    bank: Program, says: Says, enrol: Enrol
) -> None:
    enrol("work", lasts=timedelta(days=10))
    says.reply = Reply(200, b"<html>Sign in</html>", {"Content-Type": "text/html"})

    shown = bank.run("renew", "--due", "--dry-run")

    assert (shown.code, "due: it ends soon" in shown.out) == (0, True)
    assert "A CA could not tell when to renew" in shown.err
    assert "it holds no window for the renewal that can be read" in shown.err
    assert "--resume" not in shown.err


# --- renewing -------------------------------------------------------------------------------------


def test_what_is_due_is_renewed_and_then_is_due_no_more(
    bank: Program, says: Says, server: EstServer, enrol: Enrol
) -> None:
    enrol("work", lasts=timedelta(days=10))
    enrol("other", lasts=timedelta(days=300))

    ended = bank.run("renew", "--due", "--yes", *LOGIN, *PIN, "--json")
    again = bank.run(*DRY).document["certificates"]

    assert ended.code == 0, ended
    renewed = [each["label"] for each in ended.document["certificates"] if each["renewed"]]
    assert renewed == ["work"]
    assert labels(bank) == ["other", "work", "work"]
    assert [each["why"] for each in again] == [None, None]
    assert server.operations().count("simplereenroll") == 1


def test_one_failure_does_not_stop_the_others(
    bank: Program, server: EstServer, enrol: Enrol, terminal: Terminal
) -> None:
    for label, days in (("two", 12), ("one", 10)):
        enrol(label, lasts=timedelta(days=days))
    server.script("simplereenroll", Reply(403, b"not you", {"Content-Type": "text/plain"}))

    screen = terminal(bank, "renew", "--due", "--login", "anna", *PIN)
    assert "due: it ends soon" in screen.answers("one after the other?", "y")
    assert "For the certificate of one" in screen.answers("One-time password:", OTP)
    assert "For the certificate of two" in screen.answers("One-time password:", OTP)
    code, said = screen.ends()

    assert code == 8, said
    assert "not you" in said
    assert len(labels(bank)) == 3


def test_a_wrong_pin_is_tried_once_however_much_is_due(
    bank: Program, says: Says, enrol: Enrol, terminal: Terminal
) -> None:
    for label in ("one", "two", "three"):
        enrol(label, lasts=timedelta(days=10))

    screen = terminal(bank, "renew", "--due", "--login", "anna")
    screen.answers("one after the other?", "y")
    screen.answers("User PIN:", "87654321")
    code, said = screen.ends()

    assert code == 5, said
    assert said.count("not renewed") == 3
    assert bank.audit.read_text().count('"pin-incorrect"') == 1


def test_where_the_old_keys_sign_a_timer_renews_all_that_is_due(
    bank: Program, server: EstServer, enrol: Enrol
) -> None:
    """CMP: no password, so nobody is asked for anything."""
    for label in ("one", "two"):
        enrol(label, lasts=timedelta(days=10))
    cmp = CmpCa(server)

    def answer(asked: Asked) -> Reply:
        server.forget()  # whoever holds a certificate may renew it, as often as it is due
        return cmp.answer(asked)

    server.instead = answer
    configure(bank, server, 'kind = "cmp"', path="/anna")

    ended = bank.run("renew", "--due", "--yes", "--replace", *PIN, "--json")
    again = bank.run("renew", "--due", "--yes", "--replace", *PIN, "--json")

    assert ended.code == 0, ended
    assert all(each["renewed"] for each in ended.document["certificates"])
    assert labels(bank) == ["one", "two"]
    assert [each["why"] for each in again.document["certificates"]] == [None, None]


def test_nothing_is_renewed_without_a_yes(
    bank: Program, server: EstServer, enrol: Enrol, terminal: Terminal
) -> None:
    enrol("work", lasts=timedelta(days=10))

    screen = terminal(bank, "renew", "--due", *LOGIN, *PIN)
    screen.answers("one after the other?", "n")
    code, said = screen.ends()
    unasked = bank.run("renew", "--due", *LOGIN, *PIN)

    assert (code, "Nothing was renewed." in said) == (1, True)
    assert (unasked.code, "--dry-run" in unasked.err) == (2, True)
    assert "simplereenroll" not in server.operations()


def test_one_password_is_not_tried_for_several_certificates(
    bank: Program, server: EstServer, enrol: Enrol
) -> None:
    for label in ("one", "two"):
        enrol(label, lasts=timedelta(days=10))

    ended = bank.run("renew", "--due", "--yes", *LOGIN, *PIN)

    assert (ended.code, "here 2 want one each" in ended.err) == (2, True)
    assert "simplereenroll" not in server.operations()


def test_one_pin_is_not_tried_on_several_tokens(
    bank: Program, token: AddedToken, says: Says, enrol: Enrol, softhsm: SoftHSM
) -> None:
    enrol("one", lasts=timedelta(days=100))
    says.window(-0.5, 300)
    other = softhsm.add_token("Boris")
    enrolled = bank.run("enroll", "--ca", "bank", *LOGIN, *PIN, "--token", other.serial)
    says.window(-0.5, -0.1)
    for file in (bank.home / "state" / "lockwright" / "enrolments" / "renewal-info").iterdir():
        file.unlink()

    both = bank.run("renew", "--due", "--yes", *LOGIN, *PIN)
    named = bank.run("renew", "--due", "--dry-run", "--token", token.serial, "--json")

    assert enrolled.code == 0, enrolled
    assert (both.code, "are for one token" in both.err) == (2, True)
    assert [each["token"] for each in named.document["certificates"]] == [token.serial]


@pytest.mark.parametrize("named", [(), ("--ca", "bank"), ("--ca", "other")])
def test_what_two_cas_may_have_issued_is_renewed_by_name_alone(
    bank: Program, server: EstServer, enrol: Enrol, named: tuple[str, ...]
) -> None:
    """Such as two profiles of one desk: the other's would get what it was not made for."""
    enrol("work", lasts=timedelta(days=10))
    file = bank.home / "config" / "lockwright" / "config.toml"
    file.write_text(file.read_text() + file.read_text().replace("[ca.bank]", "[ca.other]"))

    looked = bank.run(*DRY, *named)
    unclear = bank.run("renew", "--due", "--yes", *named, *LOGIN, *PIN, "--json")
    said = bank.run("renew", "work", "--ca", "bank", *LOGIN, *PIN, "--json")

    (found,) = unclear.document["certificates"]
    assert (unclear.code, found["error"]["code"]) == (17, "renewal-unclear")
    assert found["cas"] == looked.document["certificates"][0]["cas"] == ["bank", "other"]
    assert said.code == 0, said


def test_where_two_cas_may_have_issued_it_is_said_that_none_was_asked(
    bank: Program, says: Says, enrol: Enrol
) -> None:
    enrol("work", lasts=timedelta(days=300))
    says.window(-0.5, -0.1)
    file = bank.home / "config" / "lockwright" / "config.toml"
    file.write_text(file.read_text() + file.read_text().replace("[ca.bank]", "[ca.other]"))

    told = bank.run("renew", "--due", "--dry-run", environment={"COLUMNS": "200"}).out
    named = bank.run(*DRY, "--ca", "bank").document["certificates"]

    assert "no CA was asked: say with --ca which to ask" in told
    assert [(each["why"], each["cas"]) for each in named] == [("ca", ["bank", "other"])]
    assert "The CA CN=Test CA wants the certificate of work renewed" in bank.run("list").err


def test_an_unfinished_enrolment_is_finished_first(
    bank: Program, server: EstServer, enrol: Enrol
) -> None:
    enrol("work", lasts=timedelta(days=10))
    server.script("simplereenroll", Reply(202, headers={"Retry-After": "3600"}))
    due = ("renew", "--due", "--yes", *LOGIN, *PIN, "--json")

    waits = bank.run(*due)
    opened = bank.run(*due)

    codes = [each.document["certificates"][0]["error"]["code"] for each in (waits, opened)]
    assert codes == ["enrolment-waits", "enrolment-open"]
    assert (waits.code, opened.code) == (17, 17)


def test_every_answer_keeps_to_its_schema(bank: Program, says: Says, enrol: Enrol) -> None:
    enrol("work", lasts=timedelta(days=10))
    says.window(-0.5, -0.1)
    check("renew-due", bank.run(*DRY).document)
    check("tokens", bank.run("tokens", "--json").document)
    check("list", bank.run("list", "--json").document)
    check("renew-due", bank.run("renew", "--due", "--yes", *LOGIN, *PIN, "--json").document)


def check(schema: str, document: object) -> None:
    text = (files("lockwright.cli") / "schemas" / f"{schema}.json").read_text()
    Draft202012Validator(json.loads(text)).validate(document)


def test_where_nobody_can_be_asked_what_wants_no_password_is_renewed(
    bank: Program, server: EstServer, enrol: Enrol, ca: TestCa
) -> None:
    """One CA takes the old key's signature, the other a password; a timer gives none."""
    other, cmp = TestCa.root("CN=Other"), CmpCa(server)
    server.instead = lambda asked: cmp.answer(asked) if asked.operation == "pkix" else None
    with EstServer(other, {"anna": OTP}) as wanting:
        configure(bank, server, 'kind = "cmp"', "iterations = 100")
        file = bank.home / "config" / "lockwright" / "config.toml"
        text = file.read_text().replace(server.url, f"{server.url}/pkix")
        trust = bank.home / "other.pem"
        trust.write_bytes(pem(other.certificate))
        file.write_text(f'{text}[ca.other]\nurl = "{wanting.url}"\ntrust = ["{trust}"]\n')
        enrol("signs", lasts=timedelta(days=5))
        container(other, "CN=asks", lasts=timedelta(days=6))
        due = ("renew", "--due", "--yes", *PIN, "--json")

        without_login = bank.run(*due, "--otp-file", "otp")
        without_both = bank.run(*due)

    assert without_login.code == 2
    assert labels(bank) == ["asks", "signs", "signs"], "it was renewed once"
    found = {each["label"]: each for each in without_both.document["certificates"]}
    assert without_both.code == 8
    assert found["signs"]["renewed"] is not None
    assert found["asks"]["error"]["code"] == "secret-missing"


def test_options_that_do_not_go_together_are_refused(program: Program) -> None:
    for wrong in ((), ("work", "--due"), ("--ca=bank", "--dry-run"), ("--ca=bank", "--yes")):
        assert program.run("renew", *wrong).code == 2
