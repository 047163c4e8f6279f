"""What the contract promises, sentence by sentence, as the docstrings of its hooks say it.

A promise is a sentence of what a hook does, returns or raises; an argument's sentence is one where
it says what must not be. Each has an id, and is to be broken by a mutant: an adapter that keeps
every promise but this one, which the suite must notice.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lockwright.contract import hooks
from lockwright.contract.hooks import HOOKS

_SECTION = re.compile(r"^(Args|Returns|Raises):$", re.MULTILINE)
_ENTRY = re.compile(r"^    (\w[\w, ]*): ", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z`])")


@dataclass(frozen=True, slots=True)
class Promise:
    """One sentence."""

    hook: str
    """The hook, without ``lockwright_``."""
    section: str
    """``does``, ``returns``, ``raises`` or ``args``."""
    number: int
    """Its place among those of the hook's section, from 1."""
    text: str
    """The sentence; one of ``raises`` begins with the error."""

    @property
    def id(self) -> str:
        """``HOOK.SECTION.NUMBER``; a sentence put in before it moves it on."""
        return f"{self.hook}.{self.section}.{self.number}"


def promises() -> list[Promise]:
    """Every promise, in the order of the contract; first what it says of all hooks."""
    found = [Promise("every", "does", n, text) for n, text in enumerate(_of_every_hook(), 1)]
    for declared in HOOKS.values():
        for section, texts in _sections(inspect.getdoc(declared.function) or "").items():
            found += [Promise(declared.short, section, n, text) for n, text in enumerate(texts, 1)]
    return found


def _of_every_hook() -> list[str]:
    """What the contract says of any hook and any adapter, that binds an adapter."""
    said = _sentences(hooks.__doc__ or "")
    return [each for each in said if each.startswith(("A hook raises", "An adapter answers"))]


def _sections(doc: str) -> dict[str, list[str]]:
    does, *rest = _SECTION.split(doc)
    told = dict(zip(rest[::2], rest[1::2], strict=True))
    return {
        "does": _sentences(does),
        "returns": _sentences(told.get("Returns", "")),
        "raises": [*_raised(told.get("Raises", ""))],
        "args": [each for each in _sentences(told.get("Args", "")) if "must not" in each],
    }


def _raised(text: str) -> Iterator[str]:
    """Each error with the sentence that says when, then the further sentences of its entry."""
    _, *entries = _ENTRY.split(text)
    for errors, told in zip(entries[::2], entries[1::2], strict=True):
        when, *further = _sentences(told)
        yield from (f"{error}: {when}" for error in errors.split(", "))
        yield from (f"{errors}: {sentence}" for sentence in further)


def _sentences(text: str) -> list[str]:
    return [" ".join(each.split()).rstrip(";") for each in _SENTENCE.split(text.strip()) if each]
