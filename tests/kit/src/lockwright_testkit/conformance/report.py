"""What a run showed: for each token and hook one word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lockwright.contract import hooks

WORKS, NOT_OFFERED, FAILS, IN_PART = "works", "not offered", "FAILS", "in part"
NOT_TESTED = "not tested: "
"""Begins the word for a test that was not made, before the reason."""
HOOKS = tuple(declared.short for declared in hooks.HOOKS.values())
"""Every hook in the order of the contract, without ``lockwright_``."""


class Results:
    """Gathers what became of each test."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def add(self, title: str, hook: str, outcome: str) -> None:
        """Note one test.

        Args:
            title: what it ran on.
            hook: the hook it is about.
            outcome: ``WORKS``, ``FAILS``, why the hook is not offered, or ``NOT_TESTED`` and why.
        """
        self._found[title][hook].add(outcome)

    def words(self) -> dict[str, dict[str, str]]:
        """For each title, a word for each hook that was tested."""
        return {
            title: {hook: _word(found[hook]) for hook in HOOKS if hook in found}
            for title, found in self._found.items()
        }

    def table(self) -> Iterator[str]:
        """The words as lines of text, a column a title."""
        words = self.words()
        widths = {title: max(map(len, (title, *told.values()))) for title, told in words.items()}
        margin = max(map(len, HOOKS))
        if words:
            yield _line(" " * margin, {title: title for title in words}, widths)
        for hook in HOOKS:
            if any(hook in told for told in words.values()):
                cells = {title: told.get(hook, "") for title, told in words.items()}
                yield _line(hook.ljust(margin), cells, widths)


def _word(outcomes: set[str]) -> str:
    if FAILS in outcomes:
        return FAILS
    told = {outcome for outcome in outcomes if not outcome.startswith(NOT_TESTED)}
    reasons = sorted(
        {
            reason
            for outcome in outcomes - told
            for reason in outcome.removeprefix(NOT_TESTED).split("; ")
        }
    )
    untested = NOT_TESTED + "; ".join(reasons) if reasons else ""
    if not told:
        return untested
    word = told.pop() if len(told) == 1 else IN_PART
    if not untested or word not in {WORKS, IN_PART}:
        return word
    return f"{IN_PART}; {untested}"


def _line(head: str, cells: dict[str, str], widths: dict[str, int]) -> str:
    return "  ".join([head, *(cells[title].ljust(widths[title]) for title in widths)]).rstrip()
