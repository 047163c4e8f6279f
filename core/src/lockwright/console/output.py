"""Where answers go: a table for a person, a JSON document for a program."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice

from lockwright.console.answering import answering
from lockwright.console.clean import clean
from lockwright.console.progress import Display, Nowhere, display, shown
from lockwright.console.screen import Console
from lockwright.console.steps import Steps

_AT_ONCE = 4096
"""Parts of a document that are written at once: as one text, thousands of objects take 15 MB."""


class Output:
    """Answers on stdout, notes on stderr.

    Args:
        json: answer in JSON and show nothing else.
    """

    def __init__(self, *, json: bool) -> None:
        self.json = json
        self.console = Console(sys.stdout)
        self.notes = Console(sys.stderr)

    def answer(
        self, document: Callable[[], Mapping[str, object]], text: Callable[[Console], None]
    ) -> None:
        """Show what came out, in the one form that was asked for.

        Args:
            document: makes the JSON document.
            text: writes the text.

        Raises:
            BrokenPipeError: nobody reads it any more.
            AnswerLost: it cannot be written.
        """
        with answering():
            if self.json:
                write_json(document())
            else:
                text(self.console)

    def note(self, text: str, style: str = "") -> None:
        """Say something beside the answer, to a person only."""
        if not self.json:
            with suppress(OSError):  # the answer counts, whoever hears what is beside it
                self.notes.print(clean(text), style=style)

    @contextmanager
    def working(
        self, what: str, more: str = "", *, slow: bool = False
    ) -> Iterator[Callable[[str], None]]:
        """Show what takes long, once it does, to a person only; nothing of it stays.

        Args:
            what: what is done.
            more: what a person who waits for it should know; may be empty.
            slow: whether it may take minutes; then it is told into a pipe, too.

        Yields:
            Is given what else there is to know, such as how much is done.
        """
        with shown(self._display(at_once=False), what, more, slow=slow) as goes_on:
            yield goes_on

    def steps(self) -> Steps:
        """Shows steps to a person only, from their begin on; of each a line with its time stays."""
        return Steps(self._display(at_once=True), self.note)

    def _display(self, *, at_once: bool) -> Display:
        return Nowhere() if self.json else display(self.notes, at_once=at_once)


def write_json(document: Mapping[str, object]) -> None:
    """Write a document to stdout; in ASCII, so that nothing in it can act on a terminal."""
    import json  # noqa: PLC0415  # not for a person

    parts = json.JSONEncoder(indent=2).iterencode(document)
    while some := "".join(islice(parts, _AT_ONCE)):
        sys.stdout.write(some)
    sys.stdout.write("\n")
