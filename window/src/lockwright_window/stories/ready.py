"""What the stories are made of, imported before somebody presses for one.

PySide6 (6.12) keeps the classes of Python in one table, which is written wherever a class is made,
and before Python 3.12 read in the window's thread without the interpreter's lock
(``PepType_SOTP``, ``SignalManager::retrieveMetaObject``): a class of Qt's that is made in another
thread ends the program by a signal, now and then. So another thread imports what has none of them,
and the window's thread the rest, a bit at a time.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from lockwright.i18n import LANGUAGES

import lockwright_window
from lockwright_window.stories.acts import STORIES, story_module

_CORE = (
    "lockwright.cli.enrolment_steps",
    "lockwright.enrol.storage",
    "lockwright.explain.doubts",
    "lockwright.line.waiting",
    "lockwright.operations.deletion",
    "lockwright.operations.enrolment.context",
    "lockwright.operations.enrolment.orders",
    "lockwright.operations.pins",
    "lockwright.operations.remote",
    "lockwright.spoken.typed",
    "segno",
)
"""What stories import of others; the rest comes with it."""
_SMALL = ("pieces", "fields", "story")
_NAME = lockwright_window.__name__


def import_ground() -> None:
    """Import what has no class of Qt's; in any thread."""
    for name in (*_CORE, *_inside("words")):
        import_module(name)
    from lockwright.spoken.check import word_list  # noqa: PLC0415  # not before the first token

    for each in LANGUAGES:
        word_list(each)  # a file, kept from now on


def import_stories() -> Iterator[None]:
    """Import the rest, a bit at each step, which are to be taken in the window's thread."""
    for package in _SMALL:
        for name in _inside(package):
            yield
            import_module(name)
    for name in STORIES:
        yield
        story_module(name)


def _inside(package: str) -> list[str]:
    """The modules of a room."""
    whole = f"{_NAME}.{package}"
    return [f"{whole}.{each.name}" for each in pkgutil.iter_modules(import_module(whole).__path__)]
