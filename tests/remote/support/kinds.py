"""Every kind of token that its owner unblocks with the bank's help, and the bank's side of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from lockwright import Responder, Secret
from lockwright.adapter import PROJECT
from lockwright.config import Config
from lockwright.keys.source import given_key
from lockwright.models import Grounds, KeyForm, Token
from lockwright.registry import Registry
from lockwright.spoken import spell
from lockwright_testkit import responding_adapter
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.personalities import library

KEY = bytes(range(24))
NEW_PIN, PUK = "Kettle-Moss-42", "0987654321"
STRICT: Mapping[str, Setting] = {"challenge.strict": True}
"""Any call at all voids a Request: what a JaCarta bears is not public, so it is given nothing."""
WORKSTATION: Mapping[str, Setting] = {
    "response.rule": "des3",
    "challenge.length": 8,
    "response.length": 8,
}
"""Answered as the kit's responder does it, which stands for the vendor's own workstation: how these
two make a Response is not public."""

FORGETFUL: Mapping[str, Setting] = {"user.policy.history": 0}
"""The same PIN may be set again: a test unblocks more than once."""


@dataclass(frozen=True)
class Kind:
    """A kind of token, and the key with which the bank answers it."""

    name: str
    """The simulator's name for it."""
    vendor: str
    """The adapter that answers for it."""
    key: str
    """The administrator's key or password, as a file of the bank's holds it."""
    form: KeyForm = KeyForm.HEX
    """What that is."""
    model: str = ""
    """The model that the bank's side is told; empty: the token's own."""
    so_pin: str = SO_PIN
    """The administrator's PIN that the token is made with."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """Further settings of the simulator."""
    keeps_pin: bool = False
    """Whether a Response keeps the user PIN, and cannot set a new one."""
    counts: bool = True
    """Whether the token tells how many tries the administrator has."""

    def make(self, sim: SimulatorFactory) -> Simulator:
        """A token of this kind: three tries of the user, five of the administrator."""
        tries: dict[str, Setting] = {"user.tries.max": 3, "so.tries.max": 5}
        return sim(self.name, label="Anna", so_pin=self.so_pin, settings={**tries, **self.settings})

    def new_pin(self) -> Secret | None:
        """What the user PIN is to become; None keeps it."""
        return None if self.keeps_pin else Secret(NEW_PIN)

    @property
    def pin(self) -> str:
        """The user PIN after an unblock."""
        return USER_PIN if self.keeps_pin else NEW_PIN


JACARTA_PKI = Kind("jacarta-pki", "jacarta", KEY.hex(), settings={**STRICT, "admin.key": KEY})
JACARTA_PRO = Kind(
    *("jacarta-pro", responding_adapter.NAME, SO_PIN, KeyForm.TEXT, responding_adapter.KEY_MODEL),
    settings={**STRICT, **WORKSTATION},
)
JACARTA_GOST2 = Kind(
    *(
        "jacarta-gost2",
        responding_adapter.NAME,
        KEY.hex(),
        KeyForm.HEX,
        responding_adapter.KEY_MODEL,
    ),
    settings={**STRICT, **WORKSTATION, "admin.key": KEY, "puk.pin": PUK},
    keeps_pin=True,
    counts=False,
)
ETOKEN = Kind("etoken", "etoken", SO_PIN, KeyForm.PASSWORD, settings=FORGETFUL)
IDPRIME = Kind("etoken-idprime", "etoken", KEY.hex(), so_pin=KEY.hex(), settings=FORGETFUL)
KINDS = (JACARTA_PKI, JACARTA_PRO, JACARTA_GOST2, ETOKEN, IDPRIME)
every_kind = pytest.mark.parametrize(
    "kind", KINDS, ids=[kind.name for kind in KINDS], indirect=True
)


class BankSide:
    """The bank's side for a kind of token; it answers each Request once.

    Args:
        kind: the kind.
        folder: where it keeps its records.
    """

    def __init__(self, kind: Kind, folder: Path) -> None:
        self._kind = kind
        config = Config(audit=folder / "bank.jsonl", adapters={"etoken": vendors_module()})
        workstation = EntryPoint(responding_adapter.NAME, responding_adapter.__name__, PROJECT)
        registry = Registry(found=[*entry_points(group=PROJECT), workstation])
        self._responder = Responder(config, isolate=False, registry=registry)

    def answer(self, token: Token, request: bytes) -> Secret:
        """The Response that is read back to the client, as it is typed."""
        kind = self._kind
        model = kind.model or token.identity.model
        inquiry = self._responder.inquire(kind.vendor, model, token.serial, spell(request)).value
        key = given_key(Secret(kind.key), kind.form)
        response = self._responder.respond(inquiry, key, Grounds("tests", ticket="4711"))
        return Secret(response.reveal().hex())


def vendors_module() -> dict[str, list[str]]:
    """Settings of the adapter for eToken: its vendor's module, which makes the Responses."""
    return {"modules": [str(library("etoken").built())]}
