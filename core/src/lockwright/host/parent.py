"""The caller's side of a host: what its child can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from lockwright.contract import hooks
from lockwright.errors import (
    NOTHING,
    ModuleBroken,
)
from lockwright.host import last_try, questions
from lockwright.host.conversation import Conversation
from lockwright.host.protocol import (
    EVERYTHING,
    AdapterRef,
    Adopt,
    Call,
    Look,
    Recognise,
    Respond,
)
from lockwright.host.worker import Inspection
from lockwright.i18n import _
from lockwright.models import Token
from lockwright.models.settings import Settings
from lockwright.secret import Secret


class ChildHost(Conversation):
    """An adapter and its module in a child process, started when first needed.

    See ``Conversation`` for what it is made with.
    """

    def adopt(self, adapter: AdapterRef, settings: Settings) -> None:
        """Let an adapter work beside the module, where none did.

        Args:
            adapter: the adapter.
            settings: its table of the configuration.

        Raises:
            ModuleError: the child does not take it.
        """
        self._adapter, self._settings = adapter, settings
        if self._child is not None:
            self._ask(questions.adopt(Adopt(adapter, dict(settings)), self._deadlines))
            self._answer()

    def begin_inspect(self, look: Look = EVERYTHING) -> None:
        """Have the module looked at without waiting for it; ``inspect`` waits and tells."""
        self._begin(questions.inspect(look, self._deadlines))

    def inspect(self, look: Look = EVERYTHING) -> Inspection:
        """What the module shows.

        Args:
            look: what is wanted of it, the same as for ``begin_inspect``.

        Raises:
            ModuleError: it cannot be loaded, crashed, hung, or is broken.
            AdapterBroken: the adapter failed on it.
        """
        self.begin_inspect(look)
        self._raise_begun()
        seen = cast("Inspection", self._answer())
        shown = {*seen.tokens, *seen.certificates}
        others = {each.module.path for each in shown} - {self._module}
        if others:
            self._end()
            reason = _("it speaks of the module {module}").format(module=min(others))
            raise self._failed(ModuleBroken(module=self._subject, reason=reason), NOTHING)
        return seen

    def begin_slots(self) -> None:
        """Have the slots listed without waiting for it; ``slots`` waits and tells."""
        self._begin(questions.slots(self._deadlines))

    def slots(self) -> frozenset[int]:
        """Ids of the slots that have a token, by ``C_GetSlotList`` alone, asked by ``begin_slots``.

        Raises:
            ModuleError: the module cannot be loaded, crashed, hung, or is broken.
        """
        self._raise_begun()
        return frozenset(cast("tuple[int, ...]", self._answer()))

    def leave(self) -> None:
        """Log the user out who stayed logged in.

        Raises:
            ModuleError: the module does not let them.
        """
        if self._child is not None:
            self._ask(questions.leave(self._deadlines))
            self._answer()

    def call(self, hook: str, token: Token, *, stays: bool = False, **arguments: object) -> object:
        """Call a hook of the adapter.

        Args:
            hook: name of the hook.
            token: the token it is about.
            stays: whether the user stays logged in then, for a call that follows.
            arguments: its further arguments.

        Raises:
            LockwrightError: what the adapter raised, or how the module failed.
            TypeError: an argument is not of the hook's type; nothing was asked.
        """
        asked = Call(hook, token, arguments, stays, last_try.agreed())
        listed = self._listed.get(token.identity, 0)
        self._ask(questions.call(asked, self._deadlines, listed))
        answer = self._answer()
        whole = hook == hooks.lockwright_list.__name__ and arguments["sought"] is None
        if whole and isinstance(answer, Sequence):
            self._listed[token.identity] = len(answer)
        return answer

    def warm(self) -> bool:
        """Have the child get ready before it is asked for an answer.

        Returns:
            Whether every answer is then made by a copy of the child that ends with it; otherwise
            the child itself sees the key.

        Raises:
            ModuleError: it does not.
        """
        self._ask(questions.warm(self._deadlines))
        return cast("bool", self._answer())

    def respond(self, asked: Respond) -> Secret | None:
        """Have a Request answered where no token is.

        Args:
            asked: the Request and the key.

        Returns:
            The Response; None where an HSM would have to be logged in to, and may not be.

        Raises:
            LockwrightError: what the adapter or the HSM raised, or how the module failed.
        """
        self._ask(questions.respond(asked, self._deadlines))
        return cast("Secret | None", self._answer())

    def recognise(self, asked: Recognise) -> bytes | None:
        """Have an HSM make of the ledger's probe what tells its key from others.

        Args:
            asked: the key.

        Returns:
            That; None where the HSM would have to be logged in to, and may not be.

        Raises:
            LockwrightError: what the HSM raised, or how its module failed.
        """
        self._ask(questions.recognise(asked, self._deadlines))
        return cast("bytes | None", self._answer())
