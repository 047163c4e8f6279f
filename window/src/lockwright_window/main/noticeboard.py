"""The quiet notices above the tokens; what was put off comes again at the next start."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING

from lockwright.i18n import _
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lockwright_window.notices import Due, Notices
from lockwright_window.pieces.notice import Notice, Offer
from lockwright_window.stories.acts import story_module
from lockwright_window.words.advice import told

if TYPE_CHECKING:
    from lockwright.enrol.entry import Entry

    from lockwright_window.program import Program
    from lockwright_window.story.frame import Story

Opens = Callable[[Callable[[], "Story"]], None]


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
        wanted = {key: made for key, made in self._wanted().items() if key not in self._put_off}
        for key in self._shown.keys() - wanted.keys():
            gone = self._shown.pop(key)
            self._layout.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for key in wanted.keys() - self._shown.keys():
            notice = wanted[key]()
            notice.put_off.connect(partial(self._on_put_off, key))
            self._shown[key] = notice
            self._layout.addWidget(notice)
        self.setVisible(bool(self._shown))

    def _on_put_off(self, key: Hashable) -> None:
        self._put_off.add(key)
        self._show()

    def _wanted(self) -> dict[Hashable, Callable[[], Notice]]:
        """Each notice by what tells it from others, and how it is made."""
        found: dict[Hashable, Callable[[], Notice]] = {}
        pointed = self._notices.pointed
        if pointed.error is not None:
            error = pointed.error
            found["journal", error.code] = lambda: Notice(self, lambda: told(error).line)
        for entry in pointed.unfinished:
            key = (entry.storage, entry.place, entry.key_id, entry.step)
            found[key] = partial(self._of_entry, entry)
        for due in pointed.due:
            found[due.token.identity.key, due.prospect.certificate.fingerprint] = partial(
                self._of_due, due
            )
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


def _opened(story: Story) -> Story:
    story.open()
    return story
