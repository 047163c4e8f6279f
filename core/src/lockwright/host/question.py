"""What a child is asked, and how it may fail to answer."""

from __future__ import annotations

from lockwright.errors import ModuleBroken, ModuleCrashed, ModuleError, ModuleHung
from lockwright.host import wire
from lockwright.host.codec import Packed
from lockwright.host.process import Ended, Nonsense
from lockwright.host.waiting import Waiting
from lockwright.i18n import N_
from lockwright.models.progress import Watch
from lockwright.records import dataclass


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
    """How long the child may be silent."""
    cost: str
    """What it may have cost where no answer comes."""
    most: float
    """How long it may take all in all, whatever the child says meanwhile."""
    slow: float = 0.0
    """How much longer it may be silent before it counts the objects that it removes."""
    changes: bool = False
    """Whether the token is another then."""
    stands: bool = False
    """Whether an answer that comes when nobody wants it any more is worth more than none: what was
    changed is then known. A Request is void with the child that made it."""

    def waiting(self, watch: Watch) -> Waiting:
        """The wait for its answer, which someone watches."""
        return Waiting(self.seconds, self.slow, self.most, watch)

    def failure(self, error: Exception, module: str, waited: float = 0.0) -> ModuleError:
        """The error that a child gave no answer to it.

        Args:
            error: how the child failed.
            module: what it was started for.
            waited: seconds that were waited for it.
        """
        match error:
            case Ended(how=how):
                return ModuleCrashed(module=module, signal=how, action=self.action)
            case Nonsense():
                reason = N_("what it answers is not what it was asked for")
                return ModuleBroken(module=module, reason=reason)
            case _:
                return ModuleHung(module=module, seconds=f"{waited:g}", action=self.action)
