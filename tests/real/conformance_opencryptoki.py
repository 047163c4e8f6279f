"""A stranger's adapter: openCryptoki's soft token, which locks a PIN for good.

Its service and its folders are the system's, so this runs in a namespace of its own
(``make real``, package ``opencryptoki``).
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.adapter import StandardAdapter
from lockwright.bindings import BINDINGS
from lockwright.secret import Secret
from lockwright_testkit.acceptance.difference import compare
from lockwright_testkit.acceptance.probes.ask import ask
from lockwright_testkit.acceptance.probes.asked import text
from lockwright_testkit.conformance import Conformance, Subject
from lockwright_testkit.raw import started
from real_module import modules_named

PLACES = modules_named("libopencryptoki.so")
FOLDER = Path("/var/lib/opencryptoki/swtok")
SHARED = Path("/dev/shm")  # noqa: S108  # where Linux keeps what programs share
FIRST_SO_PIN, SO_PIN, FIRST_PIN, PIN = "87654321", "so-pin-1", "first-22", "User-pin"


class OpenCryptoki(StandardAdapter):
    """Tokens that openCryptoki keeps in files."""

    modules = PLACES
    tokens = {"IBM Corp.": ("IBM SoftTok",)}
    not_offered = {"init": "no user PIN can be set straight after it (CKR_FUNCTION_FAILED)"}


def tool(*words: str) -> None:
    command = ["pkcs11-tool", "--module", str(PLACES[0]), *words]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a token whose PINs are no longer those that must be changed."""
    tool("--init-token", "--label", "ock", "--so-pin", FIRST_SO_PIN, "--slot", "0")
    so = ("--login", "--login-type", "so")
    tool(*so, "--so-pin", FIRST_SO_PIN, "--change-pin", "--new-pin", SO_PIN)
    tool(*so, "--so-pin", SO_PIN, "--init-pin", "--new-pin", FIRST_PIN)
    tool("--login", "--pin", FIRST_PIN, "--change-pin", "--new-pin", PIN)
    kept = tmp_path_factory.mktemp("ock") / "swtok"
    shutil.copytree(FOLDER, kept)
    return kept


def renewed(prepared: Path) -> None:
    """The token as it was prepared, and nothing that programs shared of another."""
    shutil.rmtree(FOLDER)
    shutil.copytree(prepared, FOLDER)
    # What programs share of the token, its objects among it, outlives them.
    for shared in SHARED.glob("*swtok*"):
        shared.unlink()


def test_how_it_locks_is_found_out_by_the_probes_of_an_acceptance(prepared: Path) -> None:
    renewed(prepared)
    with started(PLACES[0]) as module:
        serial = text(module.token_info(module.slots()[0]).serial)
    probes = ("look", "contents", "attributes", "user-rules", "so-rules", "tries", "unlock")
    with Secret(PIN) as pin, Secret(SO_PIN) as so_pin:
        found = {each: ask(each, PLACES[0], serial, pin, so_pin) for each in probes}
    seen = {name: value for each in found.values() for name, value in each.seen.items()}
    measured = [{"step": name, "functions": each.calls} for name, each in found.items()]
    told = compare({"seen": seen, "measured": measured}, "plain")

    assert seen["user.restored"] == seen["so.restored"] == "yes"
    settings = {
        name: told.settings.get(name)
        for name in (
            "model",
            "user.tries.max",
            "user.policy.max",
            "so.policy.max",
            "user.policy.history",
        )
    }
    assert settings == {
        "model": "IBM SoftTok",
        "user.tries.max": "3",
        "user.policy.max": "8",
        "so.policy.max": "8",
        "user.policy.history": "1",
    }
    assert told.left == {}


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
        renewed(prepared)
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
