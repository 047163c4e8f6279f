"""What a child is asked, and how it may fail to answer."""

from __future__ import annotations

from dataclasses import dataclass

from lockwright.errors import ModuleBroken, ModuleCrashed, ModuleError, ModuleHung
from lockwright.host import wire
from lockwright.host.codec import Packed
from lockwright.host.process import Ended, Nonsense
from lockwright.i18n import N_


@dataclass(frozen=True, slots=True)
class Question:
    """What a child is asked."""

    kind: wire.Kind
    """What the frame is."""
    packed: Packed
    """What it says."""
    answer: object
    """The type of the answer."""
    action: str
    """How "while asked to ..." ends, a msgid."""
    seconds: float
    """How long it may take."""
    cost: str
    """What it may have cost where no answer comes."""

    def failure(self, error: Exception, module: str) -> ModuleError:
        """The error that a child gave no answer to it.

        Args:
            error: how the child failed.
            module: what it was started for.
        """
        match error:
            case Ended(how=how):
                return ModuleCrashed(module=module, signal=how, action=self.action)
            case Nonsense():
                reason = N_("what it answers is not what it was asked for")
                return ModuleBroken(module=module, reason=reason)
            case _:
                seconds = f"{self.seconds:g}"
                return ModuleHung(module=module, seconds=seconds, action=self.action)
