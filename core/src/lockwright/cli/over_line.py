"""The line beside dictation: what a person or a program is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from lockwright.cli.invocation import Invocation
from lockwright.errors import LockwrightError
from lockwright.i18n import _
from lockwright.operations.remote import RemoteUnblock
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.line.waiting import Answer, Waiting


class Talk(Protocol):
    """Whoever is told."""

    def no_line(self, error: LockwrightError) -> None:
        """The Request did not go over the line."""

    def came(self, answer: Answer) -> None:
        """The Response came."""

    def line_over(self, error: LockwrightError) -> None:
        """None comes any more."""


@contextmanager
def over_line(
    run: Invocation, pending: RemoteUnblock, talk: Talk, *, wanted: bool
) -> Iterator[Waiting | None]:
    """The Request goes to the help desk, where one is set; whatever is wrong with that is told."""
    line = run.runner.line
    if not wanted or not line.is_set:
        yield None
        return
    try:
        with run.output.working(_("Sending the Request to the bank's help desk")):
            waiting = line.open(pending)
    except LockwrightError as error:
        talk.no_line(error)
        yield None
        return
    with waiting:
        yield waiting


def on_the_line(waiting: Waiting | None) -> list[str]:
    """By what the bank finds it."""
    if waiting is None:
        return []
    return [_("Number on the line: {number}").format(number=waiting.spoken)]


def what_to_read(waiting: Waiting | None) -> list[str]:
    """What a person does now."""
    if waiting is None:
        return [
            _("Call the bank and read the Request out: Latin letters and digits, never the letter"
              " O, always the digit 0."),
            _("Read the check out too: if the bank sees other words, something was misheard."),
        ]  # fmt: skip
    return [
        _("The bank's help desk has the Request. Call the bank and read out the number and the two"
          " words of the check."),
        _("The Response comes into this window by itself. If it is dictated instead, type it."),
    ]  # fmt: skip


def came(talk: Talk, waiting: Waiting | None) -> Secret | None:
    """The Response that came over the line; None if none comes there any more."""
    outcome = None if waiting is None else waiting.outcome
    if outcome is None:
        return None
    if isinstance(outcome, LockwrightError):
        talk.line_over(outcome)
        return None
    talk.came(outcome)
    return Secret(outcome.response.buffer)
