"""Where answers go: a table for a person, a JSON document for a program."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from rich.console import Console

from lockwright.console.clean import clean
from lockwright.console.wrapping import wrap_item
from lockwright.errors import AnswerLost, reason_of

_SECONDS_WITHOUT_NEWS = 1.0
_NATURAL = 10_000
"""Width of what no terminal cuts: each line as long as it is."""


class _Console(Console):
    """A console that cuts no word: one that is wider than the terminal is broken by that."""

    def print(self, *objects: Any, **settings: Any) -> None:
        """Print; see ``rich.console.Console.print``."""
        lines = (self._lines(each) if isinstance(each, str) else each for each in objects)
        super().print(*lines, **{"crop": False, "overflow": "ignore"} | settings)

    def _lines(self, text: str) -> str:
        return "\n".join(
            line for paragraph in text.split("\n") for line in wrap_item(paragraph, self.width)
        )


def console(stream: IO[str]) -> Console:
    """A console that takes text as it stands: no markup, no emoji, no guessed colours."""
    width = None if stream.isatty() or "COLUMNS" in os.environ else _NATURAL
    return _Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


class Output:
    """Answers on stdout, notes on stderr.

    Args:
        json: answer in JSON and show nothing else.
    """

    def __init__(self, *, json: bool) -> None:
        self.json = json
        self.console = console(sys.stdout)
        self.notes = console(sys.stderr)

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
            self.notes.print(clean(text), style=style)

    @contextmanager
    def working(self, what: str) -> Iterator[Callable[[str], None]]:
        """Show what takes long, once it does, where a terminal can show it.

        Yields:
            Changes what is shown.
        """
        if self.json or not sys.stderr.isatty():
            yield lambda _what: None
            return
        status = self.notes.status(what)
        news = threading.Timer(_SECONDS_WITHOUT_NEWS, status.start)
        news.daemon = True
        news.start()
        try:
            yield status.update
        finally:
            news.cancel()
            news.join()
            status.stop()


@contextmanager
def answering() -> Iterator[None]:
    """Write an answer to stdout in the block, and see that it is taken.

    Raises:
        BrokenPipeError: nobody reads it any more.
        AnswerLost: it cannot be written.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise AnswerLost(reason=reason_of(error)) from error


def write_json(document: Mapping[str, object]) -> None:
    """Write a document to stdout; in ASCII, so that nothing in it can act on a terminal."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
