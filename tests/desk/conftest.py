"""A desk that serves, and a customer of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_customer import DeskCustomer
from desk_home import Home, Server
from lockwright_testkit.softhsm import SoftHSM


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A desk that serves; tests share it, so each takes logins of its own."""
    home = Home(tmp_path_factory.mktemp("desk"))
    ended = home.init()
    assert ended.code == 0, ended.err
    with home.serving() as running:
        yield running


@pytest.fixture
def customer(softhsm: SoftHSM, desk: Server, tmp_path: Path) -> DeskCustomer:
    """A person with an empty token."""
    softhsm.add_token("Anna Petrova")
    return DeskCustomer(tmp_path, desk)
