"""A row of the table of enrolments: a case at a peer, what comes of it, and what tests hold it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Held:
    """A test that holds a row."""

    file: str
    """Its file, from the top of the repository."""
    name: str
    """Its function."""
    word: str = ""
    """What its parameters must have in them; empty for all of its cases."""

    @property
    def node(self) -> str:
        """How pytest is told of it."""
        return f"{self.file}::{self.name}"

    def covers(self, case: str) -> bool:
        """Whether a case that ran is one of it.

        Args:
            case: node id, with parameters.
        """
        node, _bracket, parameters = case.partition("[")
        return node == self.node and self.word in parameters


@dataclass(frozen=True)
class Row:
    """A case at a peer."""

    case: str
    """What is done, or what the peer does."""
    result: str
    """What comes of it."""
    held: Sequence[Held] = ()
    """By what; nothing where the case cannot be."""

    @property
    def names(self) -> str:
        """The tests, as the page names them: each file once."""
        told, before = [], ""
        for each in self.held:
            file = "" if each.file == before else f"{each.file.rpartition('/')[2]}::"
            told.append(f"`{file}{each.name}{f'[{each.word}]' if each.word else ''}`")
            before = each.file
        return ", ".join(told)


@dataclass(frozen=True)
class Section:
    """One peer, or several of one kind."""

    title: str
    text: str
    """Who it is, in a sentence or two."""
    rows: Sequence[Row]


def file(path: str) -> Callable[..., list[Held]]:
    """What names tests of one file: ``held("test_a", "test_b")``, all with the same ``word``."""

    def held(*names: str, word: str = "") -> list[Held]:
        return [Held(path, name, word) for name in names]

    return held
