"""Delete and wipe: apply a plan to the state it was made for, list again, report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

from lockwright.contract import hooks
from lockwright.errors import (
    NOTHING,
    UNKNOWN_COST,
    AdapterBroken,
    DeletionStopped,
    Interrupted,
    LockwrightError,
    NotSupported,
    PartlyDeleted,
    PlanStale,
    PluginBroken,
    PluginHung,
)
from lockwright.host.watching import watch, watching
from lockwright.i18n import N_, _
from lockwright.models import (
    Failure,
    Listing,
    Plan,
    Report,
    Token,
    TokenObject,
    Watch,
)
from lockwright.models.progress import Doing, Progress
from lockwright.operations.listing import listing
from lockwright.operations.object_names import describe
from lockwright.pkcs11.refs import base_of
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls

ERASE = N_("be erased by its administrator")


def apply(calls: Calls, token: Token, pin: Secret, agreed: Plan) -> Report:
    """Carry out a plan that a person agreed to.

    Args:
        calls: the contract.
        token: the token the plan was made for.
        pin: user PIN.
        agreed: the plan.

    Raises:
        PlanStale: the content is no longer what the plan was made for; nothing is gone.
        PartlyDeleted: something planned is still there; its facts say what.
        DeletionStopped: so it is, since who watches wanted it; its facts say what.
        Interrupted: ``KeyboardInterrupt`` ended it when some of it was gone.
    """
    with calls.staying(token):
        deed = _Deed(calls, token, pin, agreed)
        refs = [obj.ref for obj in agreed.targets]
        if agreed.wipe:
            return deed.report(lambda: calls(hooks.lockwright_wipe, token, pin), stops=True)
        return deed.report(lambda: calls(hooks.lockwright_delete, token, pin, refs), stops=True)


def erase(calls: Calls, token: Token, so_pin: Secret, agreed: Plan) -> Report:
    """Have the administrator erase a token by its own function.

    What only the user may see is not in the plan, and goes as well.

    Args:
        calls: the contract.
        token: the token the plan was made for.
        so_pin: SO PIN.
        agreed: a wipe that was planned without the user PIN.

    Raises:
        NotSupported: the token does not allow it.
        PlanStale: the content is no longer what the plan was made for; nothing is gone.
        PartlyDeleted: something planned is still there.
    """
    if not token.state.capabilities.erase:
        raise NotSupported(operation=ERASE, adapter=token.adapter)
    deed = _Deed(calls, token, None, agreed)

    def work() -> Sequence[Failure]:
        calls(hooks.lockwright_erase, token, so_pin)
        return ()

    return deed.report(work, stops=False)


class _Deed:
    """A plan that is about to be carried out.

    Raises:
        PlanStale: it was made for another token, or for another content of this one.
    """

    def __init__(self, calls: Calls, token: Token, pin: Secret | None, agreed: Plan) -> None:
        if agreed.token is None or not token.identity.is_it(agreed.token):
            raise PlanStale(serial=token.serial)
        content = listing(calls, token, pin)
        if agreed.digest != content.digest:
            raise PlanStale(serial=token.serial)
        self._list = partial(listing, calls, token, pin)
        self._adapter = token.adapter
        self._agreed = agreed
        self._heard = ""
        """What is gone at least, by what was heard of it while it was done; nothing if unknown."""
        self._staying = Counter(map(base_of, content.all_objects))
        self._staying.subtract(map(base_of, agreed.targets))

    def report(self, work: Callable[[], Sequence[Failure]], *, stops: bool) -> Report:
        """Have it done, and say what came of it.

        Args:
            work: does it.
            stops: whether that can be stopped between two objects.
        """
        seen = watch()
        try:
            failures = self._work(work, seen, stops=stops)
            self._heard = self._at_least(self._planned - len(failures))
            left = self._left(failures)
        except KeyboardInterrupt:
            if not self._heard:
                raise
            raise Interrupted(cost=self._heard) from None
        gone = tuple(obj for obj in self._agreed.targets if obj not in left)
        if left:
            ckr = next((failure.ckr for failure in failures if failure.ckr is not None), None)
            told = _names(gone), _names(left)
            if seen.stopped:
                raise DeletionStopped(gone=told[0], left=told[1], adapter=self._adapter)
            raise PartlyDeleted(gone=told[0], left=told[1], ckr=ckr, adapter=self._adapter)
        return Report(self._agreed.serial, gone, left, failures)

    def _work(
        self, work: Callable[[], Sequence[Failure]], seen: Watch, *, stops: bool
    ) -> tuple[Failure, ...]:
        """Have it done while someone watches; where it breaks off, what it cost is told."""
        seen.may_stop(now=stops)
        try:
            with watching(seen):
                return tuple(work())
        except (AdapterBroken, PluginBroken, PluginHung) as error:
            error.cost = self._cost(error.cost)
            raise
        except LockwrightError as error:
            if error.cost == UNKNOWN_COST:
                error.cost = self._at_least(_removed(seen.last)) or error.cost
            raise
        finally:
            seen.may_stop(now=False)
            self._heard = self._at_least(_removed(seen.last))

    def _cost(self, told: str) -> str:
        """What is gone, where a plugin broke over it: by what the token shows now."""
        try:
            left = len(self._still_on(self._list()))
        except LockwrightError:
            return told
        if left == self._planned:
            return NOTHING
        return _("Of {planned} objects that were to be deleted, {gone} are gone.").format(
            planned=self._planned, gone=self._planned - left
        )

    def _at_least(self, gone: int) -> str:
        """What is gone at least; nothing if nobody knows of any."""
        if gone <= 0:
            return ""
        told = _("Of {planned} objects that were to be deleted, at least {gone} are gone.")
        return told.format(planned=self._planned, gone=gone)

    @property
    def _planned(self) -> int:
        return len(self._agreed.targets)

    def _left(self, failures: Sequence[Failure]) -> tuple[TokenObject, ...]:
        """What is still there; by what the token answered, if it can no longer be listed.

        What was not tried is there, also where it shows itself as something else by now.
        """
        untried = {failure.ref for failure in failures if failure.ckr is None}
        there: tuple[TokenObject, ...] = ()
        new: tuple[TokenObject, ...] = ()
        try:
            content = self._list()
        except LockwrightError:
            untried = {failure.ref for failure in failures}
        else:
            there, new = self._still_on(content), self._new_on(content, untried)
        return (*(o for o in self._agreed.targets if o in there or o.ref in untried), *new)

    def _new_on(self, content: Listing, untried: Collection[str]) -> tuple[TokenObject, ...]:
        """What a wipe left alone, since it came onto the token after the plan was made."""
        planned = {obj.ref for obj in self._agreed.targets}
        return tuple(
            obj
            for obj in content.all_objects
            if self._agreed.wipe and obj.ref in untried and obj.ref not in planned
        )

    def _still_on(self, content: Listing) -> tuple[TokenObject, ...]:
        """What of the plan a token has; of twins, which are numbered anew, it counts how many."""
        there = Counter(map(base_of, content.all_objects))
        there.subtract(self._staying)
        left = []
        for obj in reversed(self._agreed.targets):
            if there[base_of(obj)] > 0:
                there[base_of(obj)] -= 1
                left.append(obj)
        return tuple(reversed(left))


def _removed(last: Progress) -> int:
    """How many objects were removed, by what was heard last."""
    return last.done if last.doing is Doing.REMOVING else 0


def _names(objects: Sequence[TokenObject]) -> tuple[str, ...]:
    return tuple(describe(obj) for obj in objects)
