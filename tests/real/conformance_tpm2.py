"""A stranger's adapter: tpm2-pkcs11, whose keys are a TPM's, here one of software (``swtpm``).

After a few wrong PINs a TPM refuses every secret for a time, the SO PIN too (TPM 2.0 Library,
Part 1, "Dictionary Attack Protection"; TPM_RC_LOCKOUT). The module's flags tell nothing of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lockwright.adapter import StandardAdapter
from lockwright.bindings import BINDINGS
from lockwright.models import Token, TokenState
from lockwright.pkcs11.session import Module
from lockwright_testkit.conformance import Conformance, Subject
from soft_tpm import PLACES, make, running


class Tpm2(StandardAdapter):
    """Tokens whose keys are a TPM's."""

    modules = PLACES
    tokens = {"IBM": ("SW   TPM",)}
    not_offered = {
        "unblock": "a TPM that is locked refuses the SO PIN, too",
        "init": "its module initialises blank tokens only (CKR_ARGUMENTS_BAD)",
        "import_key": "it takes no private key (CKR_ATTRIBUTE_VALUE_INVALID)",
    }

    def lockwright_state(self, module: Module, token: Token) -> TokenState:
        """Its flags call every PIN in order, also one that is locked: they say nothing."""
        return replace(super().lockwright_state(module, token), user_pin=None, so_pin=None)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A token that the module initialised by itself."""
    folder = tmp_path_factory.mktemp("tpm")
    make(folder)
    return folder


class TestTpm2(Conformance):
    title = "tpm2-pkcs11"

    @pytest.fixture(params=BINDINGS)
    def subject(
        self,
        prepared: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        request: pytest.FixtureRequest,
        failing: Callable[[Path], Path],
        faults: Callable[[str], None],
    ) -> Iterator[Subject]:
        for each in ("state", "store"):
            shutil.copytree(prepared / each, tmp_path / each)
        with running(tmp_path, monkeypatch):
            yield Subject(
                adapter=Tpm2(),
                module=failing(PLACES[0]),
                fault=faults,
                settings={"binding": request.param},
                expendable=True,
                weak_pin=None,
            )
