"""The window of a story: its pages one after another, what is worked on, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from lockwright.i18n import _
from lockwright.runner import Runner
from lockwright.secret import Secret
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from lockwright_window.pieces.button import ENTER, Button
from lockwright_window.pieces.labels import heading
from lockwright_window.story.failed import Failed
from lockwright_window.story.pages import Pages
from lockwright_window.story.step import Step
from lockwright_window.story.working import Working
from lockwright_window.work import Task

if TYPE_CHECKING:
    from lockwright_window.life.program import Program

T = TypeVar("T")

_WIDTH, _HEIGHT = 560, 420
_MOST = 0.9
"""How much of a screen on which everything is large it has at first."""


class Story(QDialog):
    """A window in which something is done with a token, step by step.

    Escape and the window's own button leave it, as Cancel does, and ask first where that costs
    something. What works meanwhile is stopped.

    Args:
        program: the program.
        parent: the window it belongs to.
        name: what the story is called, in the language in use; asked again when that changes.
    """

    stayed = Signal()
    """Whoever was asked whether to leave does not want to."""

    def __init__(self, program: Program, parent: QWidget, name: Callable[[], str]) -> None:
        super().__init__(parent)
        self.program = program
        self._name = name
        self._tasks: list[Task[Any]] = []
        self._step: Step | None = None
        self._question: QMessageBox | None = None
        self._left = False
        self.ended_well = False
        """Whether it was left from a page that says that it is done."""
        self.setModal(True)
        self.begin_with_size(_WIDTH, _HEIGHT)
        self._heading = heading(self)
        self._pages = Pages(self)
        self._pages.lacking.connect(self._grow)
        self._back, self._next, self._close = (Button(self) for _ in range(3))
        self._back.clicked.connect(self._go_back)
        self._next.clicked.connect(self._go_on)
        self._close.clicked.connect(self.close)
        QShortcut("F8", self, program.languages.switch)  # the main window hears no keys meanwhile
        for each in (self._back, self._close):
            each.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self._close)
        buttons.addStretch()
        buttons.addWidget(self._back)
        buttons.addWidget(self._next)
        layout = QVBoxLayout(self)
        layout.addWidget(self._heading)
        layout.addWidget(self._pages, stretch=1)
        layout.addLayout(buttons)
        self.say()

    def begin_with_size(self, width: int, height: int) -> None:
        """Be of a size, as far as the screen has room for it; pages are scrolled.

        Args:
            width: in pixels.
            height: the same.
        """
        self.resize(QSize(width, height).boundedTo(self.screen().availableSize() * _MOST))

    @property
    def step(self) -> Step:
        """The page that is shown."""
        if self._step is None:
            raise RuntimeError("a story begins with show_step")
        return self._step

    def show_step(self, step: Step) -> None:
        """Turn to another page.

        Args:
            step: the page; one that was shown before keeps what was typed, save what is secret.
        """
        if self._left:
            return
        if self._step is not None:
            self._step.leave()
            self._step.changed.disconnect(self._refresh)
        self._no_question()
        self._step = step
        step.changed.connect(self._refresh)
        step.say()
        self._heading.setText(step.title())
        self._heading.setFocus()  # read aloud; and what goes does not hand the focus to a button
        self._pages.turn_to(step)
        step.enter()
        self._refresh()
        first = step.first()
        (self._next if first is None else first).setFocus()  # an empty field is false

    def work(
        self,
        shows: Step | Callable[[], str],
        call: Callable[[Runner], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[Exception], None] | None = None,
        again: Step | None = None,
        unwanted: Callable[[T], None] | None = None,
        secrets: Iterable[Secret] = (),
    ) -> None:
        """Have something done, and show meanwhile that it is, with a way to stop it.

        Args:
            shows: what is done, in the language in use; or the page that is shown meanwhile.
            call: does it, in a thread of its own.
            done: goes on with what came of it, in the window's thread.
            failed: says what to do where it fails; None to show the error.
            again: the page that "Try again" shows after an error; None where that is no use.
            unwanted: gets rid of what came of it, in a thread of its own, if the window is closed.
            secrets: what is wiped once it has ended, also if it was stopped before it had begun.
        """

        def fails(error: Exception) -> None:
            if failed is None:
                self.show_step(Failed(self, error, again))
            else:
                failed(error)

        self.show_step(shows if isinstance(shows, Step) else Working(self, shows))
        self._do(call, done, fails, unwanted, secrets)

    def ask(
        self,
        call: Callable[[Runner], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> Task[T]:
        """Have something done beside the page that is shown; it is dropped with the window.

        Args:
            call: does it, in a thread of its own.
            done: is told what came of it, in the window's thread.
            failed: is told why nothing came of it, there too.

        Returns:
            What is done; a page that goes on with it drops it when it is left.
        """
        return self._do(call, done, failed, None, ())

    def _do(
        self,
        call: Callable[[Runner], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        unwanted: Callable[[T], None] | None,
        secrets: Iterable[Secret],
    ) -> Task[T]:
        task = self.program.work.do(call, done, failed, unwanted=unwanted, secrets=secrets)
        self._tasks = [*(each for each in self._tasks if not each.over), task]
        return task

    def stop(self) -> None:
        """Stop what is worked on; it then fails with ``Stopped``."""
        self.program.work.stop()

    def say(self) -> None:
        """Put its own words into the language in use."""
        self.setWindowTitle(self._name())
        self._back.setText(_("&Back"))
        self._refresh()

    def leave(self) -> None:
        """Close without a question."""
        if self._left:
            return
        self._left = True
        going = [task for task in self._tasks if not task.over]
        for task in going:
            task.drop()
        if going:
            self.stop()
        self._no_question()
        if self._step is not None:
            self.ended_well = self._step.ends_well
            self._step.leave()
            self._step = None
        self.accept()
        self.deleteLater()

    def reject(self) -> None:
        """Escape was pressed."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Ask first where leaving costs something; the answer closes it, or does not."""
        if self._step is not None and not self._step.closing():
            event.ignore()
            return
        loss = "" if self._step is None else self._step.loss()
        if loss:
            event.ignore()
            self._ask_to_leave(loss)
            return
        self.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Enter presses the default button; one that is held down does so once."""
        if event.isAutoRepeat() and Qt.Key(event.key()) in ENTER:
            event.accept()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """The language has changed, perhaps."""
        if event.type() is QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    def _ask_to_leave(self, question: str) -> None:
        """What works meanwhile goes on; another page takes the question away."""
        if self._question is not None:
            return
        box = QMessageBox(QMessageBox.Icon.Question, self._name(), question, parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        leave = box.addButton(_("Close all the same"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(_("Stay here"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        leave.clicked.connect(self.leave)
        stay.clicked.connect(self._stay)
        self._question = box
        box.open()

    def _stay(self) -> None:
        self._no_question()
        self.stayed.emit()

    def _no_question(self) -> None:
        box, self._question = self._question, None
        if box is not None:
            box.close()
            box.deleteLater()

    def _grow(self, lacking: int) -> None:
        """Make room for a page, as far as the screen has any."""
        below = self.screen().availableGeometry().bottom() - self.frameGeometry().bottom()
        if (more := min(lacking, below)) > 0:
            self.resize(self.width(), self.height() + more)

    def _go_on(self) -> None:
        if self.step.ready():
            self.step.go()

    def _go_back(self) -> None:
        before = self.step.before()
        if before is not None:
            self.show_step(before)

    def _refresh(self) -> None:
        step = self._step
        if step is None:
            return
        self._heading.setText(step.title())
        self._next.offer(step.next_words())
        self._next.setEnabled(step.ready())
        self._next.setDefault(step.by_enter())
        self._next.setAutoDefault(step.by_enter())
        self._back.setVisible(step.before() is not None)
        self._close.offer(step.close_words())
