"""Enrolments through the Python API on a token: what goes wrong costs nothing, or says what."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.config import CaSettings, Config
from lockwright.deadlines import Deadlines
from lockwright.enrol.journal import Step
from lockwright.errors import (
    CaAnswerBroken,
    CaBroke,
    CaConflict,
    CaFailed,
    CaLoginRefused,
    CaNameMismatch,
    CaNotSecure,
    CaRefused,
    CaServerUntrusted,
    CaSilent,
    CaUnknown,
    CaUnreachable,
    CertificateExpired,
    CertificateForAnotherKey,
    CertificateUnfit,
    CertificateUntrusted,
    EnrolmentBusy,
    EnrolmentOpen,
    LockwrightError,
    NotSupported,
    NotWritten,
    PinIncorrect,
    TokenFull,
)
from lockwright.explain import explain
from lockwright.models import Token
from lockwright.operations.orders import Asked
from lockwright.runner import Runner
from lockwright.secret import Secret
from lockwright_testkit.est import PKCS7, EstServer, Reply, certs_only
from lockwright_testkit.est import Asked as Received
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.simulator import USER_PIN, Simulator
from lockwright_testkit.wishes import P384, ec_key, template

LOGIN, OTP = "anna", "Maple-Drum-77"
SOFTHSM = {"manufacturer": "SoftHSM project", "model": "SoftHSM v2"}
Issue = Callable[[x509.CertificateSigningRequest], x509.Certificate]


class Bank:
    """A runner, its token, and a CA, configured for each other."""

    def __init__(self, folder: Path, device: Simulator, server: EstServer) -> None:
        self.folder = folder
        self.device = device
        self.server = server
        (folder / "ca.pem").write_bytes(pem(server.ca.certificate))
        self.settings = CaSettings(
            url=server.url,
            trust=(folder / "ca.pem",),
            subject="CN={login},O=Bank",
            key_type="ec:p256",
        )
        self.runners: list[Runner] = []
        self.runner = self.configured()
        self.token: Token = self.runner.find()
        self.before = self.digest()

    def configured(self, **changes: object) -> Runner:
        """A runner whose CA has other settings."""
        settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # real fields
        self.runner = Runner(
            Config(
                authorities={"bank": settings},
                journal=self.folder / "journal",
                contact="Olga, 123",
                audit=None,
                deadlines=Deadlines(ca=2),
            ),
            modules=[self.device.module],
        )
        self.runners.append(self.runner)
        return self.runner

    def digest(self) -> str:
        return self.runner.list(self.token, Secret(USER_PIN)).digest

    def enrol(self, *, pin: str = USER_PIN, otp: str = OTP, **asked: str) -> None:
        ca = self.runner.authorities.get("bank")
        given = Asked(asked.pop("login", LOGIN), Secret(otp), **asked)
        self.runner.enrolments.enrol(self.token, Secret(pin), ca, given)

    def fails(self, error: type[LockwrightError], **how: str) -> LockwrightError:
        with pytest.raises(error) as caught:
            self.enrol(**how)
        assert type(caught.value) is error
        return caught.value

    def nothing_changed(self) -> None:
        """The token is as it was and nothing is left to do."""
        assert self.runner.enrolments.unfinished() == []
        assert self.digest() == self.before

    def key_waits(self, step: Step) -> None:
        """The key is kept, since the CA may have issued; undone, the token is as it was."""
        (entry,) = self.runner.enrolments.unfinished()
        assert entry.step is step
        self.runner.enrolments.abandon(self.token, Secret(USER_PIN))
        self.nothing_changed()


@pytest.fixture
def bank(tmp_path: Path, sim: SimulatorFactory, ca: TestCa) -> Iterator[Bank]:
    with EstServer(ca, {LOGIN: OTP}) as server:
        made = Bank(tmp_path, sim("plain", settings=SOFTHSM), server)
        yield made
        for runner in made.runners:
            runner.close()


# --- no, for good: the key is removed again ------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "otp"), [(LOGIN, "wrong"), ("stranger", OTP), ("", OTP), (LOGIN, "")]
)
def test_a_wrong_login_or_password_changes_nothing(bank: Bank, login: str, otp: str) -> None:
    error = bank.fails(CaLoginRefused, login=login or "x", otp=otp or "x")
    assert "nothing on the token was changed" in error.cost
    bank.nothing_changed()


@pytest.mark.parametrize("said", [b"the password has expired", b"the password was used"])
def test_an_expired_or_used_password_changes_nothing(bank: Bank, said: bytes) -> None:
    bank.server.script("simpleenroll", Reply(401, said))
    assert bank.fails(CaLoginRefused).facts["reason"] == said.decode()
    bank.nothing_changed()


@pytest.mark.parametrize("said", ["the subject is not allowed", "the key is too weak"])
def test_a_request_that_breaks_the_profile_changes_nothing(bank: Bank, said: str) -> None:
    bank.server.script("simpleenroll", Reply(400, said.encode(), {"Content-Type": "text/plain"}))
    error = bank.fails(CaRefused)
    assert error.facts == {"ca": "bank", "reason": said, "contact": "Olga, 123"}
    bank.nothing_changed()


def issuing(bank: Bank, issue: Issue) -> None:
    """Have the server answer with a certificate of the test's choice."""
    usual = bank.server.answer

    def answer(asked: Received) -> Reply:
        if asked.operation != "simpleenroll":
            return usual(asked)
        import base64  # noqa: PLC0415  # only here

        return certs_only(issue(x509.load_der_x509_csr(base64.b64decode(asked.body))))

    bank.server.answer = answer  # type: ignore[method-assign]  # the test's own server


def test_a_certificate_for_another_key_is_not_written(bank: Bank) -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    issuing(bank, lambda _request: bank.server.ca.issue(other))
    bank.fails(CertificateForAnotherKey)
    bank.nothing_changed()


def test_a_certificate_of_another_ca_is_not_written(bank: Bank) -> None:
    stranger = TestCa.root("CN=Stranger")
    issuing(bank, lambda request: stranger.issue(request.public_key()))
    bank.fails(CertificateUntrusted)
    bank.nothing_changed()


def test_a_certificate_that_is_over_is_not_written(bank: Bank) -> None:
    from datetime import timedelta  # noqa: PLC0415  # only here

    day = timedelta(days=1)
    issuing(
        bank,
        lambda request: bank.server.ca.issue(request.public_key(), starts=-2 * day, lasts=day),
    )
    bank.fails(CertificateExpired)
    bank.nothing_changed()


def test_a_certificate_that_may_not_sign_is_not_written(bank: Bank) -> None:
    issuing(bank, lambda request: bank.server.ca.issue(request.public_key(), signs=False))
    bank.fails(CertificateUnfit)
    bank.nothing_changed()


# --- told before a key is made -------------------------------------------------------------------


def test_a_server_that_is_not_trusted_is_told_before_a_key_is_made(bank: Bank) -> None:
    (bank.folder / "other.pem").write_bytes(pem(TestCa.root("CN=Stranger").certificate))
    bank.configured(trust=(bank.folder / "other.pem",))
    bank.fails(CaServerUntrusted)
    bank.nothing_changed()


def test_a_server_of_another_name_is_told_before_a_key_is_made(bank: Bank) -> None:
    with EstServer(bank.server.ca, {}, names=("elsewhere.example",)) as elsewhere:
        bank.configured(url=elsewhere.url)
        bank.fails(CaNameMismatch)
    bank.nothing_changed()


def test_plain_http_is_told_before_a_key_is_made(bank: Bank) -> None:
    bank.configured(url=f"http://localhost:{bank.server.port}")
    bank.fails(CaNotSecure)
    bank.nothing_changed()


def test_a_server_that_is_gone_is_told_before_a_key_is_made(bank: Bank) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    bank.configured(url=f"https://localhost:{port}")
    bank.fails(CaUnreachable)
    bank.nothing_changed()


def test_a_ca_that_is_not_configured_is_told_with_those_that_are(bank: Bank) -> None:
    with pytest.raises(CaUnknown, match="known are bank"):
        bank.runner.authorities.get("bnak")


@pytest.mark.parametrize(
    ("changes", "asked", "wishes", "what"),
    [
        ({}, {"subject": "CN=Boss"}, b"", "subject"),
        ({}, {"key_type": "rsa:2048"}, b"", "key type"),
        ({}, {}, template(key=ec_key(P384)), "key type"),
        ({}, {}, template("CN=anna,O=Other"), "subject"),
        ({}, {}, template("CN=,O=Other"), "subject"),
    ],
)
def test_what_does_not_go_together_is_told_before_a_key_is_made(
    bank: Bank,
    changes: dict[str, object],
    asked: dict[str, str],
    wishes: bytes,
    what: str,
) -> None:
    import base64  # noqa: PLC0415  # only here

    bank.server.script("csrattrs", Reply(200, base64.b64encode(wishes)))
    bank.configured(**changes)
    assert bank.fails(CaConflict, **asked).facts["what"] == what
    bank.nothing_changed()


def test_a_key_type_that_the_token_lacks_is_told(bank: Bank) -> None:
    bank.configured(key_type="rsa:512")
    bank.fails(NotSupported)
    bank.nothing_changed()


def test_a_wrong_pin_is_tried_once_and_nothing_is_begun(bank: Bank) -> None:
    tries = bank.device.tries()
    bank.fails(PinIncorrect, pin="Wrong-Pin-1")
    assert bank.device.tries() == tries - 1
    bank.nothing_changed()
    assert all(asked.method == "GET" for asked in bank.server.asked)


# --- what the CA did is not known: the key is kept -----------------------------------------------


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(200, b"no CMS", {"Content-Type": PKCS7}), CaAnswerBroken),
        (Reply(200, b"A" * 1_100_000, {"Content-Type": PKCS7}), CaAnswerBroken),
        (Reply(200, b"A" * 1000, {"Content-Type": PKCS7}, cut=10), CaBroke),
        (Reply(200, b"A" * 1000, {"Content-Type": PKCS7}, pause=0.1), CaSilent),
        (Reply(307, headers={"Location": "https://elsewhere.example/"}), CaAnswerBroken),
        (Reply(503, b"busy", {"Content-Type": "text/plain"}), CaFailed),
    ],
)
def test_an_answer_that_is_none_keeps_the_key_for_another_try(
    bank: Bank, reply: Reply, error: type[LockwrightError]
) -> None:
    bank.server.script("simpleenroll", reply)
    assert "A key pair waits on the token" in bank.fails(error).cost
    bank.key_waits(Step.SENDING)


def test_the_same_request_is_sent_again_and_the_certificate_is_the_same(bank: Bank) -> None:
    bank.server.script("simpleenroll", Reply(500))
    bank.fails(CaFailed)
    with pytest.raises(EnrolmentOpen):
        bank.enrol()
    bank.runner.enrolments.resume(bank.token, Secret(USER_PIN), password=Secret(OTP))
    orders = [asked.body for asked in bank.server.asked if asked.method == "POST"]
    assert orders == [orders[0]] * 2


def test_two_processes_do_not_work_on_one_token(bank: Bank) -> None:
    with bank.runner.enrolments._journal.held(bank.token.serial):
        bank.fails(EnrolmentBusy)
    bank.nothing_changed()


# --- the token does not take it ------------------------------------------------------------------

REFUSED = "0x00000030"


def test_a_write_that_fails_is_tried_again(bank: Bank) -> None:
    bank.device.fault(f"C_CreateObject@1={REFUSED}", f"C_CreateObject@2={REFUSED}")
    bank.enrol()
    assert bank.device.counts()["C_CreateObject"] == 3
    (container,) = bank.runner.list(bank.token, Secret(USER_PIN)).containers
    assert len(container.certificates) == 1


def test_a_write_that_is_done_but_not_told_is_not_done_twice(bank: Bank) -> None:
    bank.device.fault(f"C_CreateObject@*=after:{REFUSED}")
    bank.enrol()
    assert bank.device.counts()["C_CreateObject"] == 1


def test_after_three_writes_the_person_is_told_whom_to_call(bank: Bank) -> None:
    bank.device.fault(f"C_CreateObject@*={REFUSED}")
    error = bank.fails(NotWritten)
    assert bank.device.counts()["C_CreateObject"] == 3
    told = explain(error)
    for said in ("Olga, 123", bank.token.serial, "bank", "token-refused", "3 times"):
        assert said in f"{told.message} {told.advice}"
    bank.device.clear_faults()
    bank.runner.enrolments.resume(bank.token, Secret(USER_PIN))
    (container,) = bank.runner.list(bank.token, Secret(USER_PIN)).containers
    assert f"{error.facts['certificate']}" == container.certificates[0].serial


def test_a_full_token_says_what_could_go_and_nothing_is_lost(bank: Bank) -> None:
    bank.device.fault("C_GenerateKeyPair@1=0x31")
    bank.fails(TokenFull)
    bank.nothing_changed()
    bank.device.fault("C_CreateObject@1=0x31")
    bank.fails(TokenFull)
    bank.runner.enrolments.resume(bank.token, Secret(USER_PIN))
    assert bank.runner.enrolments.unfinished() == []


def test_a_key_that_cannot_sign_is_removed_again(bank: Bank) -> None:
    bank.device.fault("C_Sign@1=0x30")
    with pytest.raises(LockwrightError):
        bank.enrol()
    bank.nothing_changed()
