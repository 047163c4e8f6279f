"""One child and what it is asked: start it, wait within a deadline, tell how it failed."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import cast

from lockwright import i18n
from lockwright.contract.stopping import Stops, has_changed
from lockwright.errors import (
    NOTHING,
    UNKNOWN_COST,
    LockwrightError,
    ModuleError,
    ModuleNotLoadable,
    reason_of,
)
from lockwright.host import wire
from lockwright.host.codec import WireError
from lockwright.host.process import ChildProcess, Ended, GivenUp, Nonsense
from lockwright.host.protocol import (
    AdapterRef,
    Care,
    Failed,
    Start,
    checked,
    raised,
)
from lockwright.host.question import Question
from lockwright.host.shapes import pack, unpack
from lockwright.host.watching import watch
from lockwright.models import TokenIdentity
from lockwright.models.deadlines import Deadlines
from lockwright.models.settings import Settings


class Conversation:
    """A child, started when first needed, and one question after another that it is asked.

    Args:
        adapter: the adapter; None until it was seen whose the module's tokens are.
        module: absolute path of the module; None where a Request is answered without any.
        settings: the adapter's table of the configuration.
        deadlines: how long a call may take.
        verbose: whether what the module writes to stderr is shown.
        stays: whether an HSM stays logged in to from one Request to the next.
        care: how the tries of PINs are spared; None as for every other program.
        stops: stops what is asked.
    """

    def __init__(  # noqa: PLR0913  # what it works with, each with its default
        self,
        adapter: AdapterRef | None,
        module: Path | None,
        settings: Settings,
        *,
        deadlines: Deadlines,
        verbose: bool,
        care: Care | None = None,
        stays: bool = False,
        stops: Stops | None = None,
    ) -> None:
        self._stops = stops or Stops()
        self._adapter = adapter
        self._module = module
        self._settings = settings
        self._deadlines = deadlines
        self._care = care or Care()
        self._verbose = verbose
        self._stays = stays
        self._subject = str(module or self._name)
        self._child: ChildProcess | None = None
        self._asked: Question | None = None
        self._failure: ModuleError | None = None
        self._listed: dict[TokenIdentity, int] = {}
        """How many objects each token showed when it was listed last."""

    @property
    def _name(self) -> str:
        return self._adapter.name if self._adapter else ""

    @property
    def alive(self) -> bool:
        """Whether the child runs."""
        return self._child is not None and self._child.alive

    def begin_close(self) -> None:
        """Have the child unload its module without waiting for it; ``close`` waits."""
        if self._child is not None and self._asked is None:
            self._child.dismiss()

    def close(self) -> None:
        """Let the child unload its module; one that is still busy is ended at once."""
        child, self._child = self._child, None
        if child is not None:
            child.close() if self._asked is None else child.kill()

    def _begin(self, question: Question) -> None:
        """Ask, unless that is done; what comes of it is told to who waits for the answer."""
        if self._asked is None and self._failure is None:
            try:
                self._ask(question)
            except ModuleError as error:
                self._failure = error

    def _raise_begun(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _ask(self, question: Question) -> None:
        self._stops.refuse()
        if self._child is None:
            self._child = self._start()
        try:
            until = time.monotonic() + question.seconds
            self._child.ask(question.kind, question.packed, until)
        except (Ended, Nonsense) as error:
            failure = self._failed(question.failure(error, self._subject), NOTHING)
        else:
            self._asked = question
            return
        self._end()
        raise failure

    def _start(self) -> ChildProcess:
        settings, language = dict(self._settings), i18n.language()
        path = tuple(Path(os.fsdecode(each)) for each in sys.path)
        start = Start(
            self._adapter, self._module, settings, path, language, self._care, self._stays
        )
        packed = checked(lambda: pack(Start, start))
        name = self._name if self._module is None else self._module.name
        try:
            return ChildProcess(packed, name, verbose=self._verbose)
        except OSError as error:
            reason = reason_of(error)
        raise ModuleNotLoadable(module=self._subject, reason=reason)

    def _answer(self) -> object:
        """Wait for the answer to what was asked; a child that fails to give one is ended."""
        child, asked = self._child, self._asked
        if child is None or asked is None:
            self._stops.refuse()  # another thread has closed it since it was asked
            raise RuntimeError("nothing was asked")
        waiting = asked.waiting(watch())
        try:
            answer = self._read(child.receive(waiting, lambda: self._stops.since), asked)
        except (GivenUp, TimeoutError, Ended, Nonsense) as error:
            failure = self._why(error, asked, waiting.patience)
        except BaseException:  # of who watches: the answer that comes now is nobody's
            self._end()
            raise
        else:
            return self._taken(answer, asked)
        self._end()
        raise failure

    def _why(self, error: Exception, asked: Question, waited: float) -> BaseException:
        """What there is to say of an answer that did not come."""
        if self._stops.since is not None:  # so nobody is blamed, though the child was killed
            return self._stops.here(asked.cost)
        return self._failed(asked.failure(error, self._subject, waited), asked.cost)

    def _taken(self, answer: object, asked: Question) -> object:
        """An answer, or what it raises; the child ends with one that was given up."""
        self._asked = None
        if asked.changes:
            has_changed()
        if self._child is not None and self._child.dismissed:
            self.close()
        if isinstance(answer, LockwrightError):
            if answer.cost == UNKNOWN_COST:
                answer.cost = asked.cost
            raise answer
        if not asked.stands:
            self._stops.refuse()
        return answer

    def _read(self, frame: wire.Frame, asked: Question) -> object:
        """What an answer holds, which is of the type that was asked for."""
        try:
            if frame.kind == wire.Kind.FAILED:
                return raised(unpack(Failed, frame.packed), self._name)
            return unpack(cast("type[object]", asked.answer), frame.packed)
        except WireError:
            raise Nonsense from None

    def _failed(self, failure: ModuleError, cost: str) -> ModuleError:
        failure.adapter, failure.cost = self._name or None, cost
        return failure

    def _end(self) -> None:
        """End the child now, whatever it does."""
        child, self._child, self._asked = self._child, None, None
        if child is not None:
            child.kill()
