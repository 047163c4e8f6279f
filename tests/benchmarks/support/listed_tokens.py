"""Tokens to list: every personality with typical and odd content, and every odd token."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from corpus import ENTRIES
from corpus_entry import Entry
from corpus_token import CorpusToken, Makers, Refused
from lockwright.bindings import BINDINGS
from lockwright_testkit.bank import SOFTHSM
from lockwright_testkit.filling import fill
from lockwright_testkit.sim import Applet, Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.personalities import PERSONALITIES
from lockwright_testkit.sim.simulator import SO_PIN, USER_PIN, environment
from lockwright_testkit.softhsm import CONF_VARIABLE

_CONTAINERS = 3
_NOTHING: Mapping[str, Setting] = {}


@dataclass(frozen=True)
class Case:
    """A token, and how it is looked at."""

    name: str
    binding: str
    """The binding of the reference adapter; empty where the personality's own adapter looks."""
    token: CorpusToken
    environment: Mapping[str, str] = field(default_factory=dict)
    """In which the token is seen."""

    @property
    def config(self) -> str:
        """The configuration, as TOML."""
        chosen = f'[adapters.softhsm]\nbinding = "{self.binding}"\n' if self.binding else ""
        return f"{chosen}[audit]\nenabled = false\n"


def cases(folder: Path) -> Iterator[Case]:
    """Every token, one after the other.

    Args:
        folder: where they live.
    """
    odd = [entry for entry in ENTRIES if entry.token is Makers.softhsm]
    for personality in PERSONALITIES:
        for name, settings, bindings in (
            (f"{personality}", _NOTHING, ("",)),
            (f"{personality} as SoftHSM", SOFTHSM, tuple(BINDINGS)),
        ):
            with _seen(made := _Made(folder, f"{name}".replace(" ", "-"))):
                device = made.device(personality, settings=settings)
                fill(device.module, _CONTAINERS)
                token = made.makers.simulated(device, healthy=False)
                for binding in bindings:
                    told = f"{name}, typical, {binding or 'its own adapter'}"
                    yield Case(told, binding, token, made.environment)
                os.environ[CONF_VARIABLE] = str(device.folder / "any")  # whose objects are retyped
                taken = [entry.name for entry in odd if _takes(token, entry)]
                del os.environ[CONF_VARIABLE]
                for binding in bindings:
                    told = f"{name}, {len(taken)} odd things, {binding or 'its own adapter'}"
                    yield Case(told, binding, token, made.environment)
    for entry in ENTRIES:
        if entry.token is not Makers.softhsm:
            with _seen(made := _Made(folder, entry.name)):
                token = entry.token(made.makers)
                entry.fill(token)
                for binding in BINDINGS:
                    yield Case(f"{entry.name}, {binding}", binding, token, made.environment)


def _takes(token: CorpusToken, entry: Entry) -> bool:
    """Whether a token takes an odd thing."""
    try:
        entry.fill(token)
    except Refused:
        return False
    return True


class _Made:
    """Makes the devices of one token."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder / f"token-{name}"
        self._devices: list[Simulator] = []
        self.makers = Makers(self._soft, self.device)

    @property
    def environment(self) -> Mapping[str, str]:
        """In which they are seen."""
        return environment(*self._devices)

    def device(  # noqa: PLR0913  # as Simulator.create
        self,
        personality: str = "plain",
        *,
        label: str = "Corpus",
        user_pin: str = USER_PIN,
        so_pin: str = SO_PIN,
        serial: str = "",
        module: str = "",
        more: tuple[Applet, ...] = (),
        settings: Mapping[str, Setting] = _NOTHING,
    ) -> Simulator:
        """Make a device and show it to this process."""
        made = Simulator.create(
            self._folder / str(len(self._devices)),
            personality,
            label=label,
            user_pin=user_pin,
            so_pin=so_pin,
            serial=serial,
            module=module,
            more=more,
            settings=settings,
        )
        self._devices.append(made)
        os.environ |= self.environment
        return made

    def _soft(self) -> CorpusToken:
        return self.makers.simulated(self.device(settings=SOFTHSM))


@contextmanager
def _seen(made: _Made) -> Iterator[None]:
    """This process sees the devices of one token, and then no more of them."""
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
