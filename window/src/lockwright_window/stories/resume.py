"""Going on with a certificate that was begun and not finished, or undoing it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from lockwright.enrol.entry import Entry
from lockwright.enrol.entry import Step as Taken
from lockwright.i18n import _
from lockwright.models import CaProfile, StorageKind
from lockwright.runner import Runner
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.pieces.option import Option
from lockwright_window.stories.enrol.attempt import Came
from lockwright_window.stories.enrol.not_worked import Case
from lockwright_window.stories.enrol.reopen import Reopen
from lockwright_window.stories.enrol.story import CertificateStory
from lockwright_window.stories.enrol.success import success
from lockwright_window.story.ended import Ended
from lockwright_window.story.step import Step
from lockwright_window.words import enrolment as words

if TYPE_CHECKING:
    from lockwright_window.life.program import Program


T = TypeVar("T")


class Resume(CertificateStory):
    """Goes on with something unfinished, or undoes it.

    Args:
        program: the program.
        parent: the window it belongs to.
        entry: what is unfinished.
    """

    def __init__(self, program: Program, parent: QWidget, entry: Entry) -> None:
        super().__init__(program, parent, lambda: _("An unfinished certificate"))
        self.entry = entry
        self.locked = False
        """Whether the system's store wants a password of its own."""
        self.order.login = entry.login or ""
        self._asked = 0
        self._choose = Choose(self)
        if entry.storage is StorageKind.SYSTEM:
            self._learn(
                lambda runner: runner.storages.system_store().locked(),
                self._on_locked,
                self.show_failure,
            )
        self._learn(
            lambda runner: runner.authorities.get(entry.ca),
            self._on_ca,
            lambda _error: None,  # whoever is called is named by going on itself
        )
        self.show_step(self._choose)

    @property
    def knows(self) -> bool:
        """Whether everything is known that the next page asks by, or told in the end."""
        return not self._asked

    def ended(self, came: Came) -> Step:
        """It is in its place and works."""
        return success(self, came, removed=self.entry.replaces)

    def again(self, came: Came) -> Step | None:
        """From the journal, as long as it has it."""
        return None if came.entry is None else Reopen(self, came.entry, locked=self.locked)

    def case(self, _came: Came) -> Case:
        """What is to be said to whoever is called."""
        contact = "" if self.order.ca is None else self.order.ca.contact
        return Case(self.entry.ca, self.entry.login, contact)

    def _learn(
        self,
        call: Callable[[Runner], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        def over(then: Callable[[Any], None], found: object) -> None:
            self._asked -= 1
            then(found)
            self._choose.changed.emit()

        self._asked += 1
        self.ask(call, partial(over, done), partial(over, failed))

    def _on_locked(self, locked: bool) -> None:  # noqa: FBT001  # of a task
        self.locked = locked

    def _on_ca(self, found: CaProfile) -> None:
        self.order.ca = found


class Choose(Step):
    """Go on, or undo it: each with what happens then.

    Args:
        story: which it belongs to.
    """

    def __init__(self, story: Resume) -> None:
        super().__init__(story)
        self._resume = story
        self._told = text(self)
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self._told)
        self._on, self._undo = Option(self, layout), Option(self, layout)
        for option in (self._on, self._undo):
            self._group.addButton(option)
        layout.addStretch()
        self._on.setChecked(True)

    def title(self) -> str:
        """What it is about."""
        return _("An unfinished certificate")

    def first(self) -> QWidget | None:
        """The choice."""
        return self._group.checkedButton()

    def ready(self) -> bool:
        """Whether it is known what the next page is to ask for."""
        return self._resume.knows

    def go(self) -> None:
        """Ask for what is needed."""
        kind = Reopen if self._on.isChecked() else Undo
        self.story.show_step(
            kind(self._resume, self._resume.entry, self, locked=self._resume.locked)
        )

    def say(self) -> None:
        """What is unfinished, and both ways."""
        entry = self._resume.entry
        self._told.setText("\n".join([words.unfinished(entry), *words.details(entry)]))
        undoing = words.undoing(entry)
        too_late = undoing if entry.step is Taken.CLEARING else ""
        self._on.tell(_("Go on with it"), words.going_on(entry))
        self._undo.tell(_("Undo it"), undoing, why_not=too_late)


class Undo(Reopen):
    """Asks for what opens the place, and removes what was made there."""

    @property
    def _needs_password(self) -> bool:
        return False

    @property
    def _needs_keeping(self) -> bool:
        return False

    def title(self) -> str:
        """What is done."""
        return _("Undo the certificate")

    def next_words(self) -> str:
        """What is pressed."""
        return _("Undo it")

    def go(self) -> None:
        """Undo it."""
        opens, secrets = self._opens()

        def undo(runner: Runner) -> Entry:
            with runner.together():
                return runner.enrolments.abandon(opens(runner))

        self.story.work(
            lambda: _("Removing what was made"),
            undo,
            self._on_undone,
            failed=self._on_failed,
            secrets=secrets,
        )

    def _on_undone(self, entry: Entry) -> None:
        title = lambda: _("It is undone")  # noqa: E731  # said again at each change of language
        self.story.show_step(Ended(self.story, title, lambda: words.undone(entry)))

    def _on_failed(self, error: Exception) -> None:
        if self.tell(error):
            self.story.show_step(self)
        else:
            self._certificates.show_failure(error, again=self)

    def _about(self) -> str:
        return "\n".join([words.undoing(self.entry), *words.details(self.entry)])


def begin(program: Program, parent: QWidget, entry: Entry) -> Resume:
    """Open it.

    Args:
        program: the program.
        parent: the window it belongs to.
        entry: what is unfinished.
    """
    return Resume(program, parent, entry)
