"""A full token says so, names what could go, and keeps no half of a container."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from lockwright_testkit.containers import container, request
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.softhsm import USER_PIN, SoftHSM, module_path

PIN = ("--pin-file", "user.pin")
DEVICE_MEMORY = "0x31"


class Desk:
    """Enrols on a token by the program, and writes old certificates past its checks."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.ca = TestCa.root()
        (program.home / "ca.pem").write_bytes(pem(self.ca.certificate))

    def request(self, label: str, *more: str | Path) -> Ended:
        command = ("enroll", "--csr-out", "-", "--subject", f"CN={label}", "--key-type", "ec:p256")
        return self.program.run(*command, *PIN, *more)

    def install(self, label: str, request: str, *more: str | Path, **how: timedelta) -> Ended:
        file = self.program.home / f"{label}.pem"
        file.write_bytes(self.ca.answer(request.encode(), **how))
        command = ("enroll", "--certificate", file, "--trust", "ca.pem")
        return self.program.run(*command, *PIN, *more)

    def content(self) -> str:
        ended = self.program.run("list", *PIN, "--json")
        assert ended.code == 0, ended
        return str(ended.document)


@pytest.fixture
def desk(tmp_path: Path, softhsm: SoftHSM) -> Desk:
    """A token with containers that end at different times, the one without a certificate first."""
    program = Program(tmp_path)
    softhsm.add_token("Anna")
    program.secret("user.pin", USER_PIN)
    made = Desk(program)
    request("CN=bare")
    for label, days in (("late", 300), ("soon", 20)):
        container(made.ca, f"CN={label}", lasts=timedelta(days=days))
    add_expired(made)
    return made


def add_expired(desk: Desk) -> None:
    """An expired certificate comes onto a token by time alone, so another program writes it."""
    from subprocess import run  # noqa: PLC0415  # only here

    made = request("CN=old")
    old = desk.ca.answer(made.pem.encode(), starts=timedelta(days=-40), lasts=timedelta(days=30))
    (desk.program.home / "old.pem").write_bytes(old)
    run(
        ["openssl", "x509", "-in", "old.pem", "-outform", "DER", "-out", "old.der"],
        cwd=desk.program.home,
        check=True,
    )
    run(
        [
            *("pkcs11-tool", "--module", str(module_path()), "--login", "--pin", USER_PIN),
            *("--write-object", "old.der", "--type", "cert", "--label", "old"),
            *("--id", made.key.id.hex()),
        ],
        cwd=desk.program.home,
        check=True,
        capture_output=True,
    )


def is_full(ended: Ended) -> list[str]:
    """Check that the error says the token is full; what it says could go."""
    assert ended.code == 10, ended
    assert ended.error["code"] == "token-full"
    assert ended.error["ckr"] == "0x00000031"
    assert "lockwright delete" in ended.error["advice"]
    details: list[str] = ended.error["details"]
    assert details == ended.error["facts"]["could_go"]
    return details


def test_no_room_for_a_key_pair_names_what_could_go_expired_first(
    desk: Desk, faulty: Path, faults: Callable[[str], None]
) -> None:
    before = desk.content()
    faults(f"C_GenerateKeyPair@1={DEVICE_MEMORY}")
    details = is_full(desk.request("new", "--module", faulty, "--json"))
    assert [line.partition(" ")[0] for line in details] == ["old", "soon", "late", "bare"]
    assert "expired" in details[0]
    faults("")
    assert desk.content() == before


def test_no_room_for_a_certificate_leaves_the_key_and_nothing_half_made(
    desk: Desk, faulty: Path, faults: Callable[[str], None]
) -> None:
    request = desk.request("new").out
    before = desk.content()
    faults(f"C_CreateObject@1={DEVICE_MEMORY}")
    details = is_full(desk.install("new", request, "--module", faulty, "--json"))
    assert "expired" in details[0]
    faults("")
    assert desk.content() == before
    assert desk.install("new", request).code == 0


def test_a_person_reads_which_containers_could_go(
    desk: Desk, faulty: Path, faults: Callable[[str], None]
) -> None:
    faults(f"C_GenerateKeyPair@1={DEVICE_MEMORY}")
    ended = desk.request("new", "--module", faulty)
    assert ended.code == 10
    assert ended.out == ""
    assert ended.err.index("old (expired") < ended.err.index("soon (") < ended.err.index("late (")
    assert "full" in ended.err


def test_a_request_that_cannot_be_signed_leaves_no_key(
    desk: Desk, faulty: Path, faults: Callable[[str], None]
) -> None:
    before = desk.content()
    faults(f"C_Sign@1={DEVICE_MEMORY}")
    ended = desk.request("new", "--module", faulty, "--json")
    assert ended.code != 0
    faults("")
    assert desk.content() == before
