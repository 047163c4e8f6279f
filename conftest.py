"""How property tests run, wherever they are, and what no test leaves to the next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from lockwright import log

# Hypothesis fails an example that takes 200 ms. One that waits for the disk takes as long as the
# disk does; what hangs is ended by pytest's timeout, as every other test is.
#
# The tests of a change are the same whenever they run; `make properties` looks with new examples.
settings.register_profile("patient", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None, max_examples=3000, print_blob=True)
settings.load_profile("patient")


@pytest.fixture(autouse=True, scope="session")
def _own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a program keeps for its user is not kept for whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_proxy_to_this_computer() -> Iterator[None]:
    """The servers of the tests are here, whatever proxy the rest of the world is behind."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NO_PROXY", "no_proxy"):
            patch.setenv(name, "localhost,127.0.0.1")
        yield


@pytest.fixture(autouse=True)
def _silent_again() -> Iterator[None]:
    """A program that ran in the tests' own process leaves no log switched on."""
    yield
    log.silence()
