"""What is known before anything is asked of the person: the CA, and where a certificate can go."""

from __future__ import annotations

from dataclasses import replace

from lockwright.config.authorities import OFFLINE
from lockwright.errors import StorageUnavailable
from lockwright.models import CaProfile, CaRequirements, StorageState
from lockwright.policy import PinPolicy
from lockwright.records import dataclass
from lockwright.runner import Runner

from lockwright_window.stories.enrol.confirm import Stranger, stranger


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of a CA, and of this computer."""

    ca: CaProfile
    """The CA."""
    stranger: Stranger | None = None
    """Its certificate, if nobody trusts it yet; then the rest is not known."""
    wishes: CaRequirements | None = None
    """What it asks for."""
    states: tuple[StorageState, ...] = ()
    """Where a certificate can go."""
    policy: PinPolicy | None = None
    """The rules of a password that is chosen now."""
    locked: bool = False
    """Whether the system's store wants a password of its own."""


def cas(runner: Runner) -> tuple[str, ...]:
    """Names of the configuration's CAs that a program can ask."""
    known = runner.config.authorities.items()
    return tuple(name for name, settings in known if settings.kind != OFFLINE)


def asked_ca(runner: Runner, name: str) -> Ground:
    """Ask a CA what it wants.

    Raises:
        CaError: it cannot be asked.
    """
    ca = runner.authorities.get(name)
    found = stranger(runner, ca)
    if found is not None:
        return Ground(ca, found)
    return Ground(ca, wishes=runner.authorities.requirements(ca))


def ground(runner: Runner, name: str) -> Ground:
    """Ask a CA what it wants, and look where a certificate can go.

    Raises:
        CaError: it cannot be asked.
    """
    found = asked_ca(runner, name)
    if found.stranger is not None:
        return found
    try:
        locked = runner.storages.system_store().locked()
    except StorageUnavailable:
        locked = False
    states = runner.storages.states()
    return replace(found, states=states, policy=runner.policy(), locked=locked)


def trust(runner: Runner, ca: CaProfile, found: Stranger) -> None:
    """Trust a CA from now on, which a person confirmed.

    Raises:
        FileNotWritten: the trust could not be kept.
    """
    runner.authorities.confirm(ca, [found.certificate])
