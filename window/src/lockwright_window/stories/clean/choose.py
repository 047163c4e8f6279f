"""The page on which a person ticks what is to be deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lockwright.i18n import _, ngettext
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTreeView, QVBoxLayout, QWidget

from lockwright_window.pieces.choice_model import ChoiceModel
from lockwright_window.pieces.columns import Columns
from lockwright_window.pieces.labels import text
from lockwright_window.story.step import Step
from lockwright_window.words.content import Node
from lockwright_window.words.deleting import expired

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class Choose(Step):
    """Ticks before everything that is on the token.

    Args:
        story: which it belongs to.
        nodes: what is on the token.
        go_on: goes on with what was ticked.
        before: the page that Back shows.
    """

    def __init__(
        self,
        story: Story,
        nodes: Sequence[Node],
        go_on: Callable[[list[Node]], None],
        before: Step | None = None,
    ) -> None:
        super().__init__(story)
        self._nodes, self._go_on, self._before = nodes, go_on, before
        self._asked, self._count = text(self), text(self)
        self._model = ChoiceModel(self)
        self._model.show(nodes)
        self._tree = QTreeView(self)
        self._tree.setModel(self._model)
        self._tree.setUniformRowHeights(True)
        self._columns = Columns(self._tree)
        self._tree.expandToDepth(0)
        self._tree.setCurrentIndex(self._model.index(0, 0))
        self._expired, self._nothing = QPushButton(self), QPushButton(self)
        for each in (self._expired, self._nothing):
            each.setAutoDefault(False)
        self._expired.clicked.connect(self._tick_expired)
        self._nothing.clicked.connect(lambda: self._model.tick([]))
        self._model.ticked.connect(self._on_ticked)
        row = QHBoxLayout()
        row.addWidget(self._expired)
        row.addWidget(self._nothing)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.addWidget(self._asked)
        layout.addWidget(self._tree, stretch=1)
        layout.addLayout(row)
        layout.addWidget(self._count)

    def title(self) -> str:
        """What is to be done."""
        return _("Choose what is to be deleted")

    def ready(self) -> bool:
        """Something is ticked."""
        return bool(self._model.chosen)

    def before(self) -> Step | None:
        """Where one came from."""
        return self._before

    def first(self) -> QWidget | None:
        """The tree; the space bar ticks."""
        return self._tree

    def go(self) -> None:
        """Go on with what is ticked."""
        self._go_on(self._model.chosen)

    def say(self) -> None:
        """What can be ticked."""
        self._asked.setText(_("Nothing is deleted yet: what goes is shown once more."))
        self._tree.setAccessibleName(_("What is on the token"))
        self._expired.setText(_("Tick all that has expired"))
        over = list(expired(self._nodes, datetime.now(UTC)))
        self._expired.setEnabled(bool(over))
        self._expired.setToolTip("" if over else _("Nothing has expired."))
        self._nothing.setText(_("Take all ticks away"))
        self._model.say()
        self._columns.fit()
        self._say_count()

    def _tick_expired(self) -> None:
        self._model.tick(list(expired(self._nodes, datetime.now(UTC))))

    def _on_ticked(self) -> None:
        self._say_count()
        self.changed.emit()

    def _say_count(self) -> None:
        number = sum(len(node.objects) for node in self._model.chosen)
        told = ngettext("{number} object is chosen.", "{number} objects are chosen.", number)
        self._count.setText(told.format(number=number) if number else _("Nothing is chosen."))
