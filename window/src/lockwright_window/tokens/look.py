"""A look at every token that is connected, made ready to be shown in the thread that looked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from lockwright.models import Certificate, TokenIdentity
from lockwright.operations.certificates import read_certificate
from lockwright.operations.detect import Detection, nothing
from lockwright.records import dataclass

if TYPE_CHECKING:
    from lockwright.runner import Runner


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found."""

    detection: Detection
    """The tokens, and what could not be looked at."""
    read: Mapping[TokenIdentity, tuple[Certificate, ...]]
    """The certificates that anyone may see on each."""
    soon: int
    """Days before its end at which a certificate is to be renewed."""


def look(runner: Runner, begun: Callable[[], object] = nothing) -> Look:
    """Look at every token; certificates are read here, since hundreds take their time.

    Args:
        runner: looks.
        begun: is called when every module was asked, before any answer is waited for.
    """
    found = runner.detect(certificates=True, begun=begun)
    read = {
        identity: tuple(map(read_certificate, objects))
        for identity, objects in found.certificates.items()
    }
    return Look(found, read, runner.config.warn_days)
