"""A stranger's adapter: NSS softokn, whose module wants its parameters in ``C_Initialize``.

It keeps the keys and certificates of Firefox, Chromium and Thunderbird (package ``libnss3``).
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.adapter import Choice, StandardAdapter
from lockwright.bindings import BINDINGS
from lockwright.models import Confidence, Match, TokenIdentity
from lockwright.secret import Secret
from lockwright_testkit.acceptance.probes.ask import ask
from lockwright_testkit.conformance import Conformance, Subject

PIN = "Sesame-opens-77"
PLACES = [
    Path(place)
    for folder in ("/usr/lib/*", "/usr/lib64", "/usr/lib/*/nss", "/usr/lib")
    for place in Path("/").glob(f"{folder[1:]}/libsoftokn3.so")
]


class Nss(StandardAdapter):
    """The database of a program that uses NSS."""

    modules = PLACES
    own_settings = {"configdir": str}
    not_offered = {
        "unblock": "NSS has no SO PIN once a user PIN is set",
        "change_so_pin": "NSS has no SO PIN once a user PIN is set",
        "init": "NSS takes any SO PIN for it, and keeps the label",
    }

    def reserved(self, choice: Choice) -> bytes:
        """The parameters of ``NSS_Initialize``, as softokn reads them."""
        folder = choice.own["configdir"]
        return f"configdir='sql:{folder}' certPrefix='' keyPrefix='' secmod='' flags=".encode()

    def lockwright_match(self, identity: TokenIdentity) -> Match | None:
        """Its slots have one serial number; keys are in the one of that label."""
        if (identity.model, identity.label) != ("NSS 3", "NSS Certificate DB"):
            return None
        return Match(Confidence.MODEL, "model 'NSS 3', label 'NSS Certificate DB'")


def database(folder: Path) -> None:
    """A new database, whose PIN is set."""
    (folder / "pin").write_text(PIN)
    command = ["certutil", "-N", "-d", f"sql:{folder}", "-f", str(folder / "pin")]
    subprocess.run(command, check=True)


def test_an_acceptance_asks_it_with_its_parameters_through_its_list_of_functions(
    tmp_path: Path,
) -> None:
    """It exports the list alone, and its two slots have one serial number."""
    database(tmp_path)
    choice = Nss().choice({"configdir": str(tmp_path)})
    with Secret(PIN) as pin:
        label, reserved = "NSS Certificate DB", Nss().reserved(choice)
        answer = ask("contents", PLACES[0], "0" * 16, pin, label=label, reserved=reserved)
        other = ask("look", PLACES[0], "0" * 16, reserved=reserved)

    assert answer.reason == ""
    assert (answer.seen["create.rv"], answer.seen["id.unique"]) == ("0x0", "no")
    assert answer.calls["C_CreateObject"]["calls"] == 2
    assert other.reason == "another token looks just like it: pull that out"


class TestNss(Conformance):
    title = "NSS softokn"

    @pytest.fixture(params=BINDINGS)
    def subject(
        self,
        tmp_path: Path,
        request: pytest.FixtureRequest,
        failing: Callable[[Path], Path],
        faults: Callable[[str], None],
    ) -> Subject:
        database(tmp_path)
        settings = {"configdir": str(tmp_path), "binding": request.param}
        return Subject(
            adapter=Nss(),
            module=failing(PLACES[0]),
            fault=faults,
            settings=settings,
            user_pin=PIN,
            weak_pin=None,
        )
