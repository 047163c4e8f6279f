"""The quiet notices above the tokens: a few at a time, what was begun before what is due.

What was put off comes again at the next start, what is due on a token with all that is due there.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from lockwright.i18n import _
from lockwright.records import dataclass
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lockwright_window.main.notices import Due, Notices
from lockwright_window.pieces.notice import Notice, Offer
from lockwright_window.stories.acts import story_module
from lockwright_window.words.advice import told

if TYPE_CHECKING:
    from lockwright.enrol.entry import Entry

    from lockwright_window.life.program import Program
    from lockwright_window.story.frame import Story

Opens = Callable[[Callable[[], "Story"]], None]
_MOST = 3
"""Notices at a time; they leave room for the tokens, whatever is on these."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A notice that may be shown."""

    about: Hashable
    """What it is about, which is put off with it."""
    make: Callable[[], Notice]
    """Makes it."""


class Noticeboard(QWidget):
    """The notices, one under the other; nothing where there is none.

    Args:
        parent: the main window.
        program: the program.
        notices: what is to be pointed out.
        opens: opens the window of a story, unless one is open.
    """

    def __init__(self, parent: QWidget, program: Program, notices: Notices, opens: Opens) -> None:
        super().__init__(parent)
        self._window, self._program = parent, program
        self._notices, self._opens = notices, opens
        self._shown: dict[Hashable, Notice] = {}
        self._put_off: set[Hashable] = set()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.hide()
        notices.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        free = [each for each in self._wanted().items() if each[1].about not in self._put_off]
        wanted = dict(free[:_MOST])
        for key in self._shown.keys() - wanted.keys():
            gone = self._shown.pop(key)
            self._layout.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for row, (key, each) in enumerate(wanted.items()):
            if key not in self._shown:
                notice = self._shown[key] = each.make()
                notice.put_off.connect(partial(self._on_put_off, each.about))
                self._layout.insertWidget(row, notice)
        self.setVisible(bool(self._shown))

    def _on_put_off(self, about: Hashable) -> None:
        self._put_off.add(about)
        self._show()

    def _wanted(self) -> dict[Hashable, Wanted]:
        """Each notice by what tells it from others, the one that matters most first."""
        found: dict[Hashable, Wanted] = {}
        pointed = self._notices.pointed
        if pointed.error is not None:
            error, key = pointed.error, ("journal", pointed.error.code)
            found[key] = Wanted(key, lambda: Notice(self, lambda: told(error).line))
        for entry in pointed.unfinished:
            what = (entry.storage, entry.place, entry.key_id, entry.step)
            found[what] = Wanted(what, partial(self._of_entry, entry))
        for due in _first_of_each(pointed.due):
            token, certificate = due.token.identity.key, due.prospect.certificate.fingerprint
            found[token, certificate] = Wanted(token, partial(self._of_due, due))
        return found

    def _of_entry(self, entry: Entry) -> Notice:
        """Something unfinished."""
        from lockwright_window.words import enrolment as words  # noqa: PLC0415  # few ever need it

        def begin() -> Story:
            return _opened(story_module("resume").begin(self._program, self._window, entry))

        offer = Offer(lambda: _("Go on or undo it…"), lambda: self._opens(begin))
        return Notice(self, lambda: words.unfinished(entry), [offer])

    def _of_due(self, due: Due) -> Notice:
        """A certificate that is to be renewed."""
        from lockwright_window.words import enrolment as words  # noqa: PLC0415  # the same

        ref = due.prospect.container.ref

        def begin() -> Story:
            return _opened(story_module("renew").begin(self._program, self._window, due.token, ref))

        offer = Offer(lambda: _("Renew it…"), lambda: self._opens(begin))
        return Notice(self, lambda: words.due(due.token, due.prospect), [offer])


def _first_of_each(due: Iterable[Due]) -> Iterator[Due]:
    """Of each token what ends first: whoever renews it sees the others there."""
    seen = set()
    for each in sorted(due, key=lambda each: each.prospect.ends):
        if each.token.identity.key not in seen:
            seen.add(each.token.identity.key)
            yield each


def _opened(story: Story) -> Story:
    story.open()
    return story
