"""A whole help desk, two of its people before their browsers, and clients with locked tokens.

What drives a browser is imported by the tests of ``make call`` alone: the default run collects this
folder, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from call_bank import CallBank
    from call_figures import Call
    from call_sides import Shift


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallBank]:
    """The bank, whose keeper and server run."""
    from call_bank import CallBank  # noqa: PLC0415

    made = CallBank.made(tmp_path_factory.mktemp("bank"))
    with made.desk.serving() as made.desk.server:
        yield made


@pytest.fixture(scope="session")
def calls() -> Iterator[list[Call]]:
    """What each call took; `-s` shows the table at the end."""
    from call_figures import table  # noqa: PLC0415

    done: list[Call] = []
    yield done
    print("\n".join(table(done)))  # noqa: T201


@pytest.fixture(scope="module")
def shift(
    bank: CallBank, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shift]:
    """An operator and an approver who have signed in, in one language."""
    from call_sides import Shift  # noqa: PLC0415
    from calling import enrol  # noqa: PLC0415
    from chromium import Window, chromium  # noqa: PLC0415

    language, ca = str(request.param), bank.desk.home.ca
    homes = [tmp_path_factory.mktemp("home") for _each in range(2)]
    with chromium(homes[0], ca, language) as one, chromium(homes[1], ca, language) as two:
        windows = [Window(driver, bank.desk.origin) for driver in (one, two)]
        for window, role in zip(windows, ("operator", "approver"), strict=True):
            window.add_passkey()
            enrol(bank.desk, window, role)
        yield Shift(language, *windows)
