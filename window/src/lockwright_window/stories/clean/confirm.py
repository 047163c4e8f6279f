"""The question before something is deleted that was chosen, as the document has it: yes or no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lockwright.i18n import _
from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from lockwright_window.pieces.labels import Loss, text
from lockwright_window.pieces.read_only import ReadOnly
from lockwright_window.story.step import Step
from lockwright_window.words.content import Node, Sort
from lockwright_window.words.deleting import goes, loses_keys, loss, question

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story


class Confirm(Step):
    """What was chosen, by name, and whether it is to go.

    A certificate goes with its keys, which are of no use without it, unless the tick is taken away.

    Args:
        story: which it belongs to.
        nodes: what was chosen.
        go_on: goes on after a yes.
        name: what the story is called, in the language in use.
    """

    def __init__(
        self,
        story: Story,
        nodes: Sequence[Node],
        go_on: Callable[[], None],
        name: Callable[[], str],
    ) -> None:
        super().__init__(story)
        self._nodes, self._go_on, self._name = nodes, go_on, name
        self._asked, self._these = text(self), text(self)
        self._list = ReadOnly(self)
        self._loss = Loss(self)
        self._keys = QCheckBox(self)
        self._keys.setChecked(True)
        is_one = len(nodes) == 1 and nodes[0].sort is Sort.CONTAINER
        self._offers = is_one and nodes[0].certificate is not None
        self._keys.setVisible(self._offers)
        self._keys.toggled.connect(self.say)
        layout = QVBoxLayout(self)
        for each in (self._asked, self._these, self._list, self._keys, self._loss):
            layout.addWidget(each)

    @property
    def selectors(self) -> list[str]:
        """What is to be deleted, by ref."""
        certificate = self._nodes[0].certificate
        if self._offers and not self._keys.isChecked() and certificate is not None:
            return [certificate.object.ref]
        return [node.selector for node in self._nodes]

    @property
    def nodes(self) -> list[Node]:
        """The rows that go."""
        if self._offers and not self._keys.isChecked():
            return [row for row in self._nodes[0].children if row.certificate is not None]
        return list(self._nodes)

    def title(self) -> str:
        """What is to be done."""
        return self._name()

    def next_words(self) -> str:
        """The document's word."""
        return _("Yes")

    def close_words(self) -> str:
        """The document's word."""
        return _("No")

    def go(self) -> None:
        """Yes."""
        self._go_on()

    def say(self) -> None:
        """What goes."""
        self._asked.setText(question(self._nodes))
        self._these.setText(_("This goes:"))
        lines = goes(self.nodes, keys=self._keys.isChecked() or not self._offers)
        self._list.setPlainText("\n".join(f"• {line}" for line in lines))
        self._list.setAccessibleName(_("What will be deleted"))
        self._keys.setText(_("With its keys"))
        self._loss.setText(loss() if loses_keys(self.nodes) else "")
        self._loss.setVisible(loses_keys(self.nodes))
