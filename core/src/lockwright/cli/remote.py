"""The client's side of a remote unblock: a person at a terminal, or a program over two pipes."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lockwright.cli import documents, over_line, phrases
from lockwright.cli.invocation import Invocation
from lockwright.cli.pins import Role
from lockwright.console.answering import answering
from lockwright.console.clean import clean
from lockwright.console.failures import described
from lockwright.console.next_line import Elsewhere, next_line
from lockwright.console.timed import TimedQuestion, clock
from lockwright.console.wrapping import whole
from lockwright.errors import LockwrightError, RequestGivenUp, ResponseMalformed
from lockwright.host.tries import spare
from lockwright.i18n import N_, _, language
from lockwright.models import PinState, PinStatus, Token, UnblockWay
from lockwright.operations.remote import ADMINISTRATOR, RemoteUnblock
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.line.waiting import Answer, Waiting

_LITTLE_TIME = N_("Only {left} is left. After that the Request is void, and a new one is needed.")
_NEW_PIN = N_("The token {serial} has a new user PIN. State of the PIN: {state}.")
_OLD_PIN = N_("The token {serial} is unblocked and keeps its user PIN. State of the PIN: {state}.")


def done(*, keep_pin: bool) -> str:
    """The sentence that reports an unblock."""
    return _(_OLD_PIN if keep_pin else _NEW_PIN)


def next_step(status: PinStatus | None) -> str:
    """What to do after an unblock; some tokens clear the flag of the last try at a login only."""
    if status is not None and status.state is PinState.FINAL_TRY:
        return _(
            "The token reports the last try until somebody logs in with the right PIN. Do that now"
            " with: lockwright list --login --use-last-try"
        )
    if status is not None and status.state is PinState.TO_BE_CHANGED:
        return _("Before the token can be used, change the PIN with: lockwright pin change")
    return _("See what is on the token with: lockwright list --login")


def unblock(run: Invocation, token: Token, *, keep_pin: bool, no_desk: bool) -> int | None:
    """Ask for the new PIN, show the Request, wait for the Response, tell what came of it.

    Args:
        run: the command.
        token: the token, which is unblocked this way.
        keep_pin: leave the user PIN as it is.
        no_desk: send nothing to the bank's help desk.

    Returns:
        The exit code where a program was told of a failure already.
    """
    spare(token.state.so_pin, ADMINISTRATOR, use_last_try=run.options.use_last_try)
    talk = _Lines() if run.output.json else _Screen(run)
    try:
        new = [] if keep_pin else list(run.collect(token, Role.NEW))
        with run.output.working(_("Asking the token for a Request")):
            pending = run.runner.begin_unblock(token, new[0] if new else None)
        with pending:
            talk.begins(pending)
            with over_line.over_line(run, pending, talk, wanted=not no_desk) as waiting:
                talk.show(pending, waiting)
                status = _answered(pending, talk, waiting)
                talk.tell(token, status, keep_pin=keep_pin)
    except LockwrightError as error:
        if not isinstance(talk, _Lines):
            raise
        return talk.failed(error)
    return None


class _Screen:
    """A person: what to do stands on the terminal."""

    def __init__(self, run: Invocation) -> None:
        self._output = run.output
        self._terminal = run.terminal

    def begins(self, _pending: RemoteUnblock) -> None:
        """There is a Request; a person is told of it once it is known where it goes."""

    def no_line(self, error: LockwrightError) -> None:
        """It did not go over the line."""
        told = described(error)
        self._output.note(f"{told.message} {told.advice}")

    def show(self, pending: RemoteUnblock, waiting: Waiting | None) -> None:
        """The Request, its check, and what to do with them, in the order of doing."""
        request, left = pending.request, pending.seconds_left
        until = datetime.now().astimezone() + timedelta(seconds=left)
        for line in (
            "",
            *over_line.on_the_line(waiting),
            _("Request: {request}").format(request=whole(request.text)),
            _("Check: {words} ({digits})").format(
                words=request.check.words(language()), digits=whole(request.check.digits)
            ),
            _("Serial number: {serial}").format(serial=whole(clean(request.serial))),
            "",
            *over_line.what_to_read(waiting),
            _(
                "Keep this window open and the token inserted, and use it in no other program."
                " Otherwise the Request is void."
            ),
            _("It waits for the Response until {time}, that is {left}; Ctrl-C cancels it.").format(
                time=f"{until:%H:%M:%S}", left=clock(left)
            ),
            "",
        ):  # fmt: skip
            self._output.notes.print(line)
        self._question = TimedQuestion(
            self._terminal, _("Response:"), lambda: pending.seconds_left, _(_LITTLE_TIME)
        )
        if waiting is not None:
            self._question.elsewhere = waiting.fileno()

    def came(self, answer: Answer) -> None:
        """The Response came over the line."""
        told = _("The Response came over the line. {by} answered for the bank.")
        self._output.note(told.format(by=clean(answer.by)))

    def line_over(self, error: LockwrightError) -> None:
        """None comes over the line; it can be dictated."""
        self._question.elsewhere = None
        self.no_line(error)

    def line(self) -> Secret | None:
        """Ask for the Response; see ``TimedQuestion.line``."""
        return self._question.line()

    def malformed(self, error: ResponseMalformed) -> None:
        """It cannot be a Response."""
        told = described(error)
        self._output.note(f"{told.message} {told.advice}")

    def tell(self, token: Token, status: PinStatus | None, *, keep_pin: bool) -> None:
        """It worked."""
        self._output.console.print(
            done(keep_pin=keep_pin).format(
                serial=clean(token.serial), state=phrases.pin_state(status)
            )
        )
        self._output.note(_("Keys and certificates are as they were; the token works again."))
        self._output.note(next_step(status))


class _Lines:
    """A program: an event is a line of JSON; ``schemas/unblock-event.json`` has their shapes."""

    def begins(self, pending: RemoteUnblock) -> None:
        """The Request."""
        request, self._pending = pending.request, pending
        self._elsewhere: int | None = None
        self._write(
            "request",
            {
                "token": request.serial,
                "request": request.text,
                "check": {
                    "digits": request.check.digits,
                    "words": {name: request.check.words(name) for name in ("en", "ru")},
                },
                "seconds": int(pending.seconds_left),
            },
        )

    def no_line(self, error: LockwrightError) -> None:
        """It did not go over the line."""
        self._write("line-over", {"error": described(error).document()})

    def show(self, _pending: RemoteUnblock, waiting: Waiting | None) -> None:
        """Its number on the line."""
        if waiting is not None:
            self._elsewhere = waiting.fileno()
            self._write("line", {"number": waiting.number})

    def came(self, answer: Answer) -> None:
        """The Response came over the line."""
        self._write("answered", {"by": answer.by})

    def line_over(self, error: LockwrightError) -> None:
        """None comes over the line; one on stdin is awaited."""
        self._elsewhere = None
        self.no_line(error)

    def line(self) -> Secret | None:
        """Wait for the Response."""
        return next_line(sys.stdin.fileno(), self._pending.seconds_left, self._elsewhere)

    def malformed(self, error: ResponseMalformed) -> None:
        """It cannot be a Response; the next line is awaited."""
        self._write("malformed", {"error": described(error).document()})

    def tell(self, token: Token, status: PinStatus | None, *, keep_pin: bool) -> None:
        """It worked."""
        self._write(
            "unblocked",
            {
                "token": token.serial,
                "way": UnblockWay.CHALLENGE.value,
                "keeps_pin": keep_pin,
                "pin": documents.pin(status),
            },
        )

    def failed(self, error: LockwrightError) -> int:
        """It did not work; the exit code."""
        failure = described(error)
        self._write("failed", {"error": failure.document()})
        return failure.exit_code

    def _write(self, event: str, facts: Mapping[str, object]) -> None:
        with answering(done=event == "unblocked"):
            sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")


def _answered(
    pending: RemoteUnblock, talk: _Screen | _Lines, waiting: Waiting | None
) -> PinStatus | None:
    """Wait for lines, and for what comes over the line, until one is a Response."""
    while True:
        try:
            line = talk.line()
        except Elsewhere:
            line = over_line.came(talk, waiting)
            if line is None:
                continue
        except TimeoutError:
            pending.require_time()
            continue
        except KeyboardInterrupt:
            line = None
        if line is None:
            pending.cancel()
            raise RequestGivenUp
        with line:
            try:
                return pending.complete(line)
            except ResponseMalformed as error:
                talk.malformed(error)
