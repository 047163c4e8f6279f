"""Each test here runs over either binding, on a SoftHSM that fails as planned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright.bindings import BINDINGS, load
from lockwright.pkcs11.session import Module, Session
from lockwright_testkit.softhsm import AddedToken, SoftHSM


@pytest.fixture(params=BINDINGS)
def binding(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def added(softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token()


@pytest.fixture
def module(binding: str, added: AddedToken, faulty: Path) -> Iterator[Module]:
    module = load(binding, faulty)
    yield module
    module.close()


@pytest.fixture
def session(module: Module, added: AddedToken) -> Iterator[Session]:
    with module.open_session(added.slot) as session:
        yield session
