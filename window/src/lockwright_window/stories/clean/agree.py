"""The page of a plan: everything that goes, what cannot be brought back, and a yes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lockwright.console.clean import clean
from lockwright.i18n import _, ngettext
from lockwright.models import Plan, Token
from lockwright.records import dataclass
from PySide6.QtWidgets import QCheckBox, QTreeView, QVBoxLayout, QWidget

from lockwright_window.pieces.columns import Columns
from lockwright_window.pieces.content_model import ContentModel
from lockwright_window.pieces.labels import Loss, text
from lockwright_window.story.step import Step
from lockwright_window.words.content import Node, planned
from lockwright_window.words.deleting import loss

if TYPE_CHECKING:
    from lockwright_window.story.frame import Story

_OPEN = 100
"""Rows up to which every container is shown open."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A plan that is to be shown."""

    plan: Plan
    """What would go."""
    nodes: tuple[Node, ...]
    """Its rows."""


def proposed(plan: Plan) -> Proposed:
    """Make a plan ready to be shown, in the thread that made it: certificates are read for that.

    Args:
        plan: what would go.
    """
    return Proposed(plan, planned(plan))


class CarryOut(Protocol):
    """Does what was agreed to."""

    def __call__(self, plan: Plan, *, erases: bool) -> None:
        """Do it."""


class Agree(Step):
    """What would go.

    Everything at once is agreed to by a tick, as the command line has a serial number typed.

    Args:
        story: which it belongs to.
        token: the token.
        found: what would go.
        carry_out: does it.
        erases: whether its administrator erases it, with what only the user sees.
    """

    def __init__(
        self,
        story: Story,
        token: Token,
        found: Proposed,
        carry_out: CarryOut,
        *,
        erases: bool = False,
    ) -> None:
        super().__init__(story)
        self._token, self._plan = token, found.plan
        self._carry_out, self._erases = carry_out, erases
        self._what, self._more, self._loss = text(self), text(self), Loss(self)
        self._model = ContentModel(self)
        self._tree = QTreeView(self)
        self._tree.setModel(self._model)
        self._tree.setUniformRowHeights(True)
        self._columns = Columns(self._tree)
        self._model.show(found.nodes)
        if len(found.plan.targets) <= _OPEN:
            self._tree.expandAll()
        self._agreed = QCheckBox(self)
        self._agreed.toggled.connect(self.changed)
        layout = QVBoxLayout(self)
        for each in (self._what, self._tree, self._more, self._loss, self._agreed):
            layout.addWidget(each)

    def title(self) -> str:
        """It can be read again."""
        return _("This will be deleted") if self._is_something else _("Nothing is to be deleted")

    def next_words(self) -> str:
        """It is deleted then."""
        return _("&Delete") if self._is_something else ""

    def close_words(self) -> str:
        """Nothing is lost yet."""
        return _("Cancel") if self._is_something else _("Close")

    def ready(self) -> bool:
        """Everything at once is agreed to by a tick."""
        return self._agreed.isChecked() or not self._plan.wipe

    def first(self) -> QWidget | None:
        """What goes is read first."""
        return self._tree if self._is_something else None

    def go(self) -> None:
        """Delete it."""
        self._carry_out(self._plan, erases=self._erases)

    def say(self) -> None:
        """What goes."""
        number, serial = len(self._plan.targets), clean(self._token.serial)
        told = ngettext(
            "{number} object goes from the token {serial}:",
            "{number} objects go from the token {serial}:",
            number,
        )
        nothing = _("The token is empty.") if self._plan.wipe else _("Nothing has expired.")
        self._what.setText(told.format(number=number, serial=serial) if number else nothing)
        self._tree.setAccessibleName(_("What will be deleted"))
        self._tree.setVisible(number > 0)
        erased = _("What only the user can see is deleted too, and the PINs may be erased.")
        self._more.setText(erased if self._erases else "")
        self._more.setVisible(self._erases)
        loses = self._plan.loses_keys or self._erases
        self._loss.setText(loss() if loses else "")
        self._loss.setVisible(loses)
        all_of_it = _("Yes, delete everything from the token {serial}").format(serial=serial)
        self._agreed.setText(all_of_it)
        self._agreed.setVisible(self._plan.wipe and self._is_something)
        self._model.say()
        self._columns.fit()

    @property
    def _is_something(self) -> bool:
        return bool(self._plan.targets) or self._erases
