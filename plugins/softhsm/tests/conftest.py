"""A SoftHSM token, seen through the adapter on each binding in turn.

Both bindings may work in one process as long as one is closed before the other opens. The module
is always reached through the interposer, so that any test can plan a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright.bindings import BINDINGS
from lockwright.models import Token
from lockwright.pkcs11.same_token import identities
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_softhsm import adapter
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, AddedToken, SoftHSM


@pytest.fixture(params=BINDINGS)
def binding(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def added(softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Анна")


@pytest.fixture
def module(added: AddedToken, faulty: Path, binding: str) -> Iterator[Module]:
    opened = adapter.lockwright_open(faulty, {"binding": binding})
    yield opened
    opened.close()


@pytest.fixture
def token(module: Module) -> Token:
    shown = next(each for each in identities(module) if each.initialized)
    return Token(identity=shown, adapter="softhsm", reason="a test")


@pytest.fixture
def pin() -> Secret:
    return Secret(USER_PIN)


@pytest.fixture
def so_pin() -> Secret:
    return Secret(SO_PIN)
