"""Bad input gets one clear error each, and the token is the same before and after."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.config import Config
from lockwright.runner import Runner
from lockwright.secret import Secret
from lockwright_testkit.containers import request
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, AddedToken, SoftHSM

PIN = ("--pin-file", "user.pin")
TRUST = ("--trust", "ca.pem")
MACHINE = 18
"""Where an ELF file names its machine (``e_machine``)."""
S390 = (22).to_bytes(2, "little")


@dataclass(frozen=True)
class Bank:
    """A token with a container, a request that waits for its certificate, and a CA."""

    program: Program
    token: AddedToken
    ca: TestCa
    request: bytes

    def content(self) -> str:
        """Everything on the token, in one string, by a look from this process."""
        with Runner(Config(audit=None), isolate=False) as runner:
            token = runner.find(self.token.serial)
            return str(runner.list(token, Secret(USER_PIN)))

    def write(self, name: str, content: bytes) -> str:
        (self.program.home / name).write_bytes(content)
        return name

    def install(self, name: str, content: bytes, *more: str) -> Ended:
        """Try to write a certificate."""
        self.write(name, content)
        command = ("enroll", "--certificate", name, "--token", self.token.serial)
        return self.program.run(*command, *PIN, *more, "--json")


@pytest.fixture
def bank(tmp_path: Path, softhsm: SoftHSM) -> Iterator[Bank]:
    """The bank's desk; whatever a test does, the token is left as it was."""
    program, token, ca = Program(tmp_path), softhsm.add_token("Anna"), TestCa.root()
    for name, value in (("user.pin", USER_PIN), ("so.pin", SO_PIN), ("new.pin", "Kettle-Moss-42")):
        program.secret(name, value)
    (tmp_path / "ca.pem").write_bytes(pem(ca.certificate))
    made = Bank(program, token, ca, request("CN=Anna").pem.encode())
    before = made.content()
    yield made
    assert made.content() == before


def refused(ended: Ended, code: int, name: str) -> str:
    """Check that it is this error and nothing else; its message."""
    assert ended.code == code, ended
    assert ended.err == ""
    assert ended.error["code"] == name, ended
    assert ended.error["message"].endswith((".", ":"))
    assert "Traceback" not in ended.out
    return str(ended.error["message"])


# --- which token ------------------------------------------------------------------------------


def test_a_serial_number_that_nobody_has(bank: Bank) -> None:
    ended = bank.program.run("list", "--token", "DEADBEEF", "--json")
    said = refused(ended, 4, "unknown-token")
    assert "DEADBEEF" in said
    assert bank.token.serial in said


def test_two_tokens_that_fit(bank: Bank, softhsm: SoftHSM) -> None:
    other = softhsm.add_token("Boris")
    for selector in ((), ("--token", "pkcs11:manufacturer=SoftHSM%20project")):
        ended = bank.program.run("list", *selector, *PIN, "--json")
        said = refused(ended, 4, "several-tokens")
        assert other.serial in said
        assert bank.token.serial in said


def test_no_token(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    empty = SoftHSM(tmp_path / "nothing")
    ended = bank.program.run("list", *PIN, "--json", environment=empty.environment)
    refused(ended, 4, "token-blank")  # which SoftHSM always has


@pytest.mark.parametrize(
    "uri", ["pkcs11:serial", "pkcs11:token=a;token=b", "pkcs11:?pin-value=Qrs-7"]
)
def test_a_uri_that_is_none_or_carries_a_pin(bank: Bank, uri: str) -> None:
    ended = bank.program.run("list", "--token", uri, *PIN, "--json")
    refused(ended, 4, "uri-broken")
    assert "Qrs-7" not in ended.out


# --- PINs -------------------------------------------------------------------------------------


def test_a_wrong_pin(bank: Bank) -> None:
    wrong = ("--pin-file", str(bank.program.secret("wrong.pin", "Wrong-pin-1")))
    for command in (("list",), ("delete", "Anna", "--yes"), ("enroll", "--csr-out", "-")):
        more = ("--subject", "CN=x") if command[0] == "enroll" else ()
        ended = bank.program.run(*command, *more, *wrong, "--json")
        assert "user PIN" in refused(ended, 5, "pin-incorrect")
        assert "try" in ended.error["cost"]


def test_a_weak_pin(bank: Bank) -> None:
    bank.program.secret("weak.pin", "qwerty")
    for command in (("pin", "change", *PIN), ("unblock", "--so-pin-file", "so.pin")):
        ended = bank.program.run(*command, "--new-pin-file", "weak.pin", "--json")
        refused(ended, 6, "pin-refused")
        assert len(ended.error["details"]) == 4
        assert "No try was spent" in ended.error["cost"]


def test_a_pin_file_that_is_missing(bank: Bank) -> None:
    ended = bank.program.run("list", "--pin-file", "nowhere.pin", "--json")
    assert "nowhere.pin" in refused(ended, 3, "secret-file-missing")


def test_a_pin_file_that_others_can_read(bank: Bank) -> None:
    bank.program.secret("open.pin", USER_PIN, mode=0o644)
    ended = bank.program.run("list", "--pin-file", "open.pin", "--json")
    assert "0644" in refused(ended, 3, "secret-file-exposed")


# --- certificates -----------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"hello", b"-----BEGIN CERTIFICATE-----\nnonsense\n"])
def test_a_file_that_is_no_certificate(bank: Bank, content: bytes) -> None:
    ended = bank.install("odd.pem", content, *TRUST)
    assert "odd.pem" in refused(ended, 9, "certificate-unreadable")


def test_a_certificate_file_that_is_missing(bank: Bank) -> None:
    ended = bank.program.run("enroll", "--certificate", "nowhere.pem", *TRUST, *PIN, "--json")
    assert "nowhere.pem" in refused(ended, 14, "file-not-read")


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_certificate_that_is_cut(bank: Bank, part: float) -> None:
    whole = bank.ca.answer(bank.request)
    ended = bank.install("cut.pem", whole[: int(len(whole) * part)], *TRUST)
    refused(ended, 9, "certificate-unreadable")


def test_a_certificate_for_another_key(bank: Bank) -> None:
    other = bank.ca.issue(ec.generate_private_key(ec.SECP256R1()).public_key())
    ended = bank.install("other.pem", pem(other), *TRUST)
    assert "Anna Petrova" in refused(ended, 9, "certificate-for-another-key")


def test_a_certificate_whose_chain_is_not_trusted(bank: Bank) -> None:
    stranger = TestCa.root("CN=Stranger")
    ended = bank.install("stranger.pem", stranger.answer(bank.request), *TRUST)
    assert "Stranger" in refused(ended, 9, "certificate-untrusted")


def test_a_certificate_where_nobody_is_trusted(bank: Bank) -> None:
    refused(bank.install("good.pem", bank.ca.answer(bank.request)), 9, "no-trust")


def test_a_certificate_that_expired(bank: Bank) -> None:
    old = bank.ca.answer(bank.request, starts=timedelta(days=-20), lasts=timedelta(days=10))
    refused(bank.install("old.pem", old, *TRUST), 9, "certificate-expired")


def test_a_certificate_that_begins_tomorrow(bank: Bank) -> None:
    early = bank.ca.answer(bank.request, starts=timedelta(days=1))
    refused(bank.install("early.pem", early, *TRUST), 9, "certificate-expired")


# --- plans ------------------------------------------------------------------------------------


def test_a_plan_that_no_longer_fits_the_token(bank: Bank) -> None:
    ended = bank.program.run("delete", "Anna", *PIN, "--yes", "--digest", "0" * 64, "--json")
    refused(ended, 7, "plan-stale")


# --- configuration, adapters, modules ---------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[policy\n", "line 1"),
        ("[policy]\nmin_length = 'eight'\n", "min_length"),
        ("[rules]\n", "rules"),
        ("[policy]\nmin_lenth = 8\n", "min_lenth"),
    ],
)
def test_a_configuration_that_is_broken(bank: Bank, text: str, said: str) -> None:
    bank.write("broken.toml", text.encode())
    ended = bank.program.run("list", "--config", "broken.toml", *PIN, "--json")
    message = refused(ended, 3, "configuration-broken")
    assert "broken.toml" in message
    assert said in message


def test_a_configuration_that_is_missing(bank: Bank) -> None:
    ended = bank.program.run("list", "--config", "nowhere.toml", *PIN, "--json")
    assert "nowhere.toml" in refused(ended, 3, "configuration-broken")


def test_an_adapter_that_does_not_import(bank: Bank) -> None:
    """It is told about by name and reason; the other adapters work on."""
    site = bank.program.home / "site"
    info = site / "lockwright_ruin-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lockwright-ruin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[lockwright]\nruin = lockwright_ruin\n")
    (site / "lockwright_ruin.py").write_text("import a_library_that_is_not_there\n")
    environment = {"PYTHONPATH": str(site)}

    listed = bank.program.run("list", *PIN, "--json", environment=environment)
    assert listed.code == 0
    plugins = bank.program.run("plugins", "--json", environment=environment).document["plugins"]
    (ruin,) = (plugin for plugin in plugins if plugin["name"] == "ruin")
    assert (ruin["status"], ruin["version"]) == ("broken", "1.0")
    assert "a_library_that_is_not_there" in ruin["problem"]
    doctor = bank.program.run("doctor", environment=environment)
    assert doctor.code == 12
    assert "ruin" in doctor.out


def no_library(folder: Path, _softhsm: Path) -> Path:
    path = folder / "no_library.so"
    path.write_text("hello")
    return path


def empty_file(folder: Path, _softhsm: Path) -> Path:
    path = folder / "empty.so"
    path.touch()
    return path


def wrong_machine(folder: Path, softhsm: Path) -> Path:
    path = Path(shutil.copy(softhsm, folder / "s390.so"))
    with path.open("r+b") as file:
        file.seek(MACHINE)
        file.write(S390)
    return path


def no_module(_folder: Path, _softhsm: Path) -> Path:
    """A library that is no PKCS#11 module."""
    return next(Path("/usr/lib").rglob("libz.so.1"))


def missing(folder: Path, _softhsm: Path) -> Path:
    return folder / "missing.so"


@pytest.mark.parametrize("module", [no_library, empty_file, wrong_machine, no_module, missing])
def test_a_module_path_that_is_no_module_of_this_system(
    bank: Bank, softhsm: SoftHSM, tmp_path: Path, module: Callable[[Path, Path], Path]
) -> None:
    path = module(tmp_path, softhsm.module)
    for command in (("list", *PIN), ("unblock", "--so-pin-file", "so.pin")):
        ended = bank.program.run(*command, "--module", path, "--json")
        assert str(path) in refused(ended, 11, "module-not-loadable")
        assert ended.error["facts"]["reason"]


def test_a_module_that_is_cut_short_harms_only_its_own_process(
    bank: Bank, softhsm: SoftHSM, tmp_path: Path
) -> None:
    """The loader maps what is not there and is killed for it; that is told as a crash."""
    path = tmp_path / "cut.so"
    path.write_bytes(softhsm.module.read_bytes()[:5000])
    modules = ("--module", path, "--module", softhsm.module)
    assert bank.program.run("list", *PIN, *modules).code == 0
    ended = bank.program.run("list", *PIN, "--module", path, "--json")
    assert ended.code == 11
    assert str(path) in ended.error["message"]
