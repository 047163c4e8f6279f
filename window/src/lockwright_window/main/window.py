"""The main window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lockwright import i18n
from lockwright.i18n import _
from lockwright.models import Token, TokenKey
from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from lockwright_window.main.nothing import Nothing
from lockwright_window.main.noticeboard import Noticeboard
from lockwright_window.main.simple import Simple
from lockwright_window.main.token_list import TokenList
from lockwright_window.stories.acts import Act, Mode
from lockwright_window.story.frame import Story

if TYPE_CHECKING:
    from lockwright_window.program import Program

_WIDTH, _HEIGHT = 860, 560


class MainWindow(QMainWindow):
    """The tokens at the left, the one that is chosen at the right.

    Args:
        program: the program.
    """

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.program = program
        self.mode = Mode.USER
        self._story: Story | None = None
        self._sure = False
        self.resize(_WIDTH, _HEIGHT)
        self.list = TokenList(self)
        self.list.chosen.connect(self._on_chosen)
        self.simple = Simple(self)
        self.simple.wanted.connect(self.begin)
        self.nothing = Nothing(self)
        self.right = QStackedWidget(self)
        self.right.addWidget(self.nothing)
        self.right.addWidget(self.simple)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.list)
        split.addWidget(self.right)
        split.setStretchFactor(1, 1)
        self.notices = Noticeboard(self, program, program.notices, self.open_story)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.addWidget(self.notices)
        column.addWidget(split, stretch=1)
        self.setCentralWidget(inside)
        self._bar = QToolBar(self)
        self._bar.setMovable(False)
        self.addToolBar(self._bar)
        self._administrator = QAction(self)
        self._administrator.setCheckable(True)
        self._administrator.setShortcut("F2")
        self._administrator.toggled.connect(self._on_mode)
        self._language = QAction(self)
        self._language.setShortcut("F8")
        self._language.triggered.connect(self._on_language)
        self._bar.addActions([self._administrator, self._language])
        program.known.changed.connect(self._on_known)
        program.known.failed.connect(self.nothing.tell)
        self.say()

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
            self._story.destroyed.connect(self._on_story_over)

    def close_now(self) -> None:
        """Close without a question: the system ends the session."""
        self._sure = True
        self.close()

    def say(self) -> None:
        """Put its own words into the language in use."""
        self.setWindowTitle(_("Crypto tokens"))
        self._bar.setWindowTitle(_("Tools"))
        self._administrator.setText(_("Administrator's mode (F2)"))
        self._language.setText("English (F8)" if i18n.language() == "ru" else "Русский (F8)")

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """The language has changed, perhaps."""
        if event.type() is QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """A story that is open is asked first: leaving it may cost something."""
        if self._story is not None and not self._sure and not self._story.close():
            event.ignore()
            return
        if self._story is not None:
            self._story.leave()
        super().closeEvent(event)

    @Slot()
    def _on_known(self) -> None:
        self.list.show_tokens(self.program.known.tokens)
        self._show(self.list.key)

    @Slot(object)
    def _on_chosen(self, key: TokenKey | None) -> None:
        self._show(key)

    @Slot(bool)
    def _on_mode(self, checked: bool) -> None:  # noqa: FBT001  # Qt's signature
        self.mode = Mode.ADMINISTRATOR if checked else Mode.USER
        self._show(self.list.key)

    @Slot()
    def _on_language(self) -> None:
        self.program.languages.use("en" if i18n.language() == "ru" else "ru")

    @Slot()
    def _on_story_over(self) -> None:
        self._story = None
        self.program.known.look()

    def _show(self, key: TokenKey | None) -> None:
        known = self.program.known
        token = None if key is None else known.token(key)
        if token is None or known.detection is None:
            self.nothing.looked = known.detection is not None
            self.nothing.say()
            self.right.setCurrentWidget(self.nothing)
            return
        certificates = known.detection.certificates.get(token.identity, ())
        self.simple.show_token(token, certificates, self.mode)
        self.right.setCurrentWidget(self.simple)
