"""The main window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lockwright.i18n import _
from lockwright.models import Listing, Token
from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from lockwright_window.main.contents import Contents
from lockwright_window.main.nothing import Nothing
from lockwright_window.main.noticeboard import Noticeboard
from lockwright_window.main.other import Other
from lockwright_window.main.simple import Simple
from lockwright_window.main.token_list import TokenList
from lockwright_window.main.tools import Tools
from lockwright_window.stories.acts import Act, story_module
from lockwright_window.words import entries
from lockwright_window.words.content import Node
from lockwright_window.words.doubts import blank, doubt
from lockwright_window.words.entries import EntryKey, Kind
from lockwright_window.words.named import called

if TYPE_CHECKING:
    from lockwright_window.life.program import Program
    from lockwright_window.main.detailed import Detailed
    from lockwright_window.story.frame import Story

_WIDTH, _HEIGHT = 900, 680
_MOST = 0.94
"""How much of a small screen, or of one on which everything is large, the window has at first."""


class MainWindow(QMainWindow):
    """What is connected at the left, what is chosen at the right.

    Args:
        program: the program.
    """

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.program = program
        self._story: Story | None = None
        self._sure = self._closing = False
        self._only_read = False
        """Whether the story that is open changed nothing: what it read is shown."""
        room = self.screen().availableSize()
        self.resize(QSize(_WIDTH, _HEIGHT).boundedTo(room * _MOST))
        self.tools = Tools(self)
        self.addToolBar(self.tools)
        self.list = TokenList(self)
        self.contents = Contents(program.work, program.known)
        self.nothing, self.other, self.simple = Nothing(self), Other(self), Simple(self)
        self._detailed: Detailed | None = None
        self.right = QStackedWidget(self)
        for page in (self.nothing, self.other, self.simple):
            self.right.addWidget(page)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.list)
        split.addWidget(self.right)
        split.setStretchFactor(1, 1)
        split.setSizes([self.width() // 3, self.width() - self.width() // 3])
        split.setChildrenCollapsible(False)
        self.notices = Noticeboard(self, program, program.notices, self.open_story)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.addWidget(self.notices)
        column.addWidget(split, stretch=1)
        self.setCentralWidget(inside)
        self._connect()
        self.say()

    @property
    def detailed(self) -> Detailed:
        """The detailed view, made for the first who wants it: the first token is shown before."""
        if self._detailed is None:
            from lockwright_window.main.detailed import Detailed  # noqa: PLC0415  # the same

            made = self._detailed = Detailed(self, self.contents)
            self.right.addWidget(made)
            made.pki.acts.wanted.connect(self.begin)
            made.pki.delete_wanted.connect(self._on_delete)
            made.pki.log_in_wanted.connect(self._on_log_in)
        return self._detailed

    @property
    def token(self) -> Token | None:
        """The token that is chosen and can be used."""
        key, seen = self.list.key, self.program.known.detection
        if key is None or key.token is None or seen is None or key.kind is not Kind.TOKEN:
            return None
        token = self.program.known.token(key.token)
        return token if token is not None and doubt(token, seen) is None else None

    def begin(self, act: Act, token: Token) -> None:
        """Begin something with a token; one story at a time."""
        self.open_story(lambda: act.begin(self.program, self, token))

    def open_story(self, begin: Callable[[], Story]) -> None:
        """Open the window of a story, unless one is open.

        Args:
            begin: opens it.
        """
        if self._story is None:
            self._story = begin()
            self._story.stayed.connect(self._on_stay)
            self._story.destroyed.connect(self._on_story_over)

    def close_now(self) -> None:
        """Close without a question: the system ends the session."""
        self._sure = True
        self.close()

    def come_to_front(self) -> None:
        """Somebody looks for it: they have started the program again."""
        if self.isMinimized():
            self.showNormal()
        front = self if self._story is None else self._story
        front.raise_()
        front.activateWindow()

    def say(self) -> None:
        """Put its own words into the language in use."""
        self.setWindowTitle(_("Crypto tokens"))
        self._on_known()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """The language has changed, perhaps."""
        if event.type() is QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """A story that is open is asked first: leaving it may cost something."""
        if self._story is not None and not self._sure and not self._story.close():
            self._closing = True
            event.ignore()
            return
        if self._story is not None:
            self._story.leave()
        super().closeEvent(event)

    def _connect(self) -> None:
        known = self.program.known
        known.changed.connect(lambda: self.nothing.tell(None))
        known.changed.connect(self._on_known)
        known.failed.connect(self.nothing.tell)
        self.nothing.enrol_wanted.connect(self._on_enrol)
        self.other.enrol_wanted.connect(self._on_enrol)
        self.list.chosen.connect(self._show)
        self.list.taken.connect(self._on_taken)
        self.tools.changed.connect(self._on_tools)
        self.tools.look_wanted.connect(known.look)
        self.tools.language_wanted.connect(self._on_language)
        self.simple.acts.wanted.connect(self.begin)

    @Slot()
    def _on_known(self) -> None:
        known = self.program.known
        if known.detection is not None:
            now = datetime.now(UTC)
            found = entries.entries(known.detection, known.certificates, now, known.soon)
            self.list.show_entries(found)
        self._show()

    @Slot()
    def _on_enrol(self) -> None:
        self.open_story(lambda: story_module("enrol").opened(self.program, self, None))

    @Slot()
    def _on_taken(self) -> None:
        if self.right.currentWidget() is self.simple:
            self.simple.acts.focus()
        elif self._detailed is not None:
            self.detailed.pki.tree.setFocus()

    @Slot()
    def _on_tools(self) -> None:
        self.program.mode = self.tools.mode
        self._show()

    @Slot()
    def _on_language(self) -> None:
        self.program.languages.switch()

    @Slot(object, object)
    def _on_delete(self, token: Token, nodes: Sequence[Node]) -> None:
        self.open_story(lambda: story_module("clean").begin_with(self.program, self, token, nodes))

    @Slot(object)
    def _on_log_in(self, token: Token) -> None:
        self.open_story(
            lambda: story_module("log_in").begin(self.program, self, token, self._on_logged_in)
        )

    def _on_logged_in(self, listing: Listing) -> None:
        self._only_read = True
        self.contents.put(listing)

    @Slot()
    def _on_story_over(self) -> None:
        self._story = None
        if self._closing:
            self.close()
        if not self._only_read:
            self.contents.forget()
        self._only_read = False
        self.program.known.look()
        self.activateWindow()  # two windows that close at once leave the focus nowhere (openbox)

    @Slot()
    def _on_stay(self) -> None:
        self._closing = False

    @Slot()
    def _show(self, _key: EntryKey | None = None) -> None:
        """Show at the right what is chosen at the left."""
        key, known = self.list.key, self.program.known
        token = self.token
        if token is None:
            self.contents.show(None)
            self._show_other(key)
        elif self.tools.detailed:
            self.detailed.show_token(token, self.tools.mode)
            self.right.setCurrentWidget(self.detailed)
        else:
            self.contents.show(None)
            self.simple.show_token(token, known.certificates(token.identity), known.soon)
            self.right.setCurrentWidget(self.simple)

    def _show_other(self, key: EntryKey | None) -> None:
        """Show what no token is, or why the one that is chosen cannot be used."""
        seen = self.program.known.detection
        found = None if key is None or seen is None else self._why(key)
        if found is None:
            self.nothing.looked = seen is not None
            self.nothing.left_out = None if seen is None else seen.left_out
            self.nothing.say()
            self.right.setCurrentWidget(self.nothing)
            return
        self.other.show_error(*found)
        self.right.setCurrentWidget(self.other)

    def _why(self, key: EntryKey) -> tuple[str, Exception] | None:
        """What an entry is called, and why nothing can be done with it."""
        seen = self.program.known.detection
        if seen is None:
            return None
        if key.kind is Kind.BLANK and (identity := entries.blank_of(seen, key)):
            return identity.model, blank(identity)
        if key.kind is Kind.PROBLEM and (problem := entries.problem_of(seen, key)):
            return entries.problem_name(problem), problem.error
        token = None if key.token is None else self.program.known.token(key.token)
        error = None if token is None else doubt(token, seen)
        return None if token is None or error is None else (called(token.identity), error)
