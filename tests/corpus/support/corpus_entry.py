"""An entry of the corpus: one odd thing, how it comes onto a token, what is to be seen of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from corpus_token import CorpusToken, Makers

KEY_PAIR = ("private-key", "public-key")
CERTIFICATE = ("certificate",)
"""Kinds of objects in a plan, as its JSON names them; any order."""


@dataclass(frozen=True)
class Entry:
    """One odd object, or several that are odd together, or an odd token."""

    name: str
    """Names the test: what is odd, in a few words joined by dashes."""
    made: str
    """The tool, with its version where that matters, or ``by hand``."""
    fill: Callable[[CorpusToken], None]
    """Puts it on a token."""
    english: tuple[str, ...]
    """What ``list`` shows of it, after login; blanks and line breaks do not count."""
    russian: tuple[str, ...] = ()
    """The same with ``--lang ru``."""
    deletes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What each name takes with it: SELECTOR of ``delete`` to kinds of objects in its plan."""
    expired: tuple[str, ...] = ()
    """Kinds of objects that ``delete --expired`` would take."""
    json: Callable[[dict[str, object]], bool] | None = None
    """Whether the document of ``list --json``, after login, is right."""
    token: Callable[[Makers], CorpusToken] = Makers.softhsm
    """Makes the token, with a healthy container on it unless it cannot hold one."""
    healthy: bool = True
    """Whether a healthy container is on the token and must be listed."""
    fails: Mapping[str, int] = field(default_factory=dict)
    """Commands that are refused, and with which exit code: ``list``, ``list --login``,
    ``delete``, ``wipe``."""
    messages: tuple[str, ...] = ()
    """Texts that the refusals must have, in English."""
