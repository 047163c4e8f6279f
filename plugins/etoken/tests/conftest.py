"""An eToken of the simulator, seen through the adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from lockwright.adapter import Setting
from lockwright.models import Token
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_etoken import adapter
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.token_owner import Owner, Signs

OWNER = Owner(adapter)

Finder = Callable[..., tuple[Module, Token]]


@pytest.fixture
def found() -> Iterator[Finder]:
    """Load a device's module and find its token; it is unloaded when the test ends."""
    with ExitStack() as stack:

        def find(device: Simulator, **settings: Setting) -> tuple[Module, Token]:
            module = adapter.lockwright_open(device.module, settings)
            stack.callback(module.close)
            identity = module.slots()[0].identity(module.info())
            return module, Token(identity, "etoken", "a test")

        yield find


@pytest.fixture
def lock() -> Callable[[Module, Token], None]:
    """Enter wrong PINs until the token says that its user PIN is locked."""
    return OWNER.lock


@pytest.fixture
def certify() -> Callable[[Module, Token, Secret], Signs]:
    """Put a key with a certificate on the token."""
    return OWNER.certify


@pytest.fixture
def opens() -> Callable[[Module, Token, Secret], bool]:
    """Whether a PIN opens the token."""
    return OWNER.opens


@pytest.fixture
def pin() -> Secret:
    return Secret(USER_PIN)


@pytest.fixture
def so_pin() -> Secret:
    return Secret(SO_PIN)
