"""A stranger's adapter: openCryptoki's soft token, which locks a PIN for good.

Its service and its folders are the system's, so this runs in a namespace of its own
(``make real``, package ``opencryptoki``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.adapter import StandardAdapter
from lockwright.bindings import BINDINGS
from lockwright_testkit.conformance import Conformance, Subject
from soft_token import PIN, PLACES, SO_PIN, make, renew


class OpenCryptoki(StandardAdapter):
    """Tokens that openCryptoki keeps in files."""

    modules = PLACES
    tokens = {"IBM Corp.": ("IBM SoftTok",)}
    not_offered = {"init": "no user PIN can be set straight after it (CKR_FUNCTION_FAILED)"}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a token that can be put back."""
    kept = tmp_path_factory.mktemp("ock") / "swtok"
    make(kept)
    return kept


class TestSoftToken(Conformance):
    title = "openCryptoki"

    @pytest.fixture(params=BINDINGS)
    def subject(
        self,
        prepared: Path,
        request: pytest.FixtureRequest,
        failing: Callable[[Path], Path],
        faults: Callable[[str], None],
    ) -> Subject:
        renew(prepared)
        return Subject(
            adapter=OpenCryptoki(),
            module=failing(PLACES[0]),
            fault=faults,
            settings={"binding": request.param},
            user_pin=PIN,
            so_pin=SO_PIN,
            new_pin="Nova-p22",
            new_so_pin="so-pin-2",
            expendable=True,
        )
