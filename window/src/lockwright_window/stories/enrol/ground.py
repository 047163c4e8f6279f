"""What is known before anything is asked of the person: the CA, and where a certificate can go."""

from __future__ import annotations

from dataclasses import replace

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


def confirmed(runner: Runner, found: Ground) -> Ground:
    """Trust a CA that a person confirmed, and ask it what it wants.

    Raises:
        CaError: it cannot be asked.
        FileNotWritten: the trust could not be kept.
    """
    if found.stranger is not None:
        runner.authorities.confirm(found.ca, [found.stranger.certificate])
    return ground(runner, found.ca.name)
