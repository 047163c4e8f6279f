"""The installed program, and a SoftHSM token for it with something on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from lockwright_testkit.containers import container
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, AddedToken, SoftHSM

Enrol = Callable[..., str]


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM) -> Program:
    """The program, where no token is yet, with the PINs of the tokens to come."""
    made = Program(tmp_path)
    made.secret("user.pin", USER_PIN + "\n")
    made.secret("so.pin", SO_PIN + "\n")
    made.secret("new.pin", "Kettle-Moss-42\n")
    return made


@pytest.fixture
def token(program: Program, softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna")


@pytest.fixture
def ca(program: Program) -> TestCa:
    """A CA whose certificate lies in ``ca.pem``."""
    made = TestCa.root()
    (program.home / "ca.pem").write_bytes(pem(made.certificate))
    return made


@pytest.fixture
def enrol(token: AddedToken, ca: TestCa) -> Enrol:
    """Make a container; the answer is its id.

    A certificate that has expired is not accepted, so it is made to expire in a moment.
    """

    def work(label: str, *, lasts: timedelta = timedelta(days=365)) -> str:
        return container(ca, f"CN={label}", lasts=lasts).id.hex()

    return work
