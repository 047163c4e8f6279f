"""The rules for a new PIN as a list, each with a sign and a word that says whether it is kept."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.explain import policy_rules, rule_text
from lockwright.i18n import _
from lockwright.policy import BrokenRule, PinPolicy
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.speaking import Says

_OPEN, _KEPT, _BROKEN = "○", "✓", "✗"


class RuleList(Says):
    """What a policy asks for, and what of it is kept.

    Args:
        parent: the widget it belongs to.
        policy: the policy.
    """

    def __init__(self, parent: QWidget | None, policy: PinPolicy) -> None:
        super().__init__(parent)
        self._rules = policy_rules(policy)
        self._judged = False
        self._broken: dict[str, BrokenRule] = {}
        self._rows = [(QLabel(self), text(self)) for _rule in self._rules]
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(2)
        layout.setColumnStretch(1, 1)
        for number, (sign, words) in enumerate(self._rows):
            layout.addWidget(sign, number, 0, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(words, number, 1)
        self.say()

    def judge(self, broken: Sequence[BrokenRule] | None) -> None:
        """Show what is kept.

        Args:
            broken: the rules that are broken; None where nothing was typed yet.
        """
        self._judged = broken is not None
        self._broken = {each.rule: each for each in broken or ()}
        self.say()

    def missing(self) -> str:
        """What is not kept yet, in one line for a screen reader; everything before it is typed."""
        left = [each for each in self._rules if not self._judged or each.rule in self._broken]
        told = "; ".join(rule_text(self._broken.get(each.rule, each)) for each in left)
        return _("Still needed: {rules}").format(rules=told) if told else ""

    def say(self) -> None:
        """Its words."""
        for rule, (sign, words) in zip(self._rules, self._rows, strict=True):
            broken = self._broken.get(rule.rule)
            if not self._judged:
                sign.setText(_OPEN)
                words.setText(rule_text(rule))
            elif broken is None:
                sign.setText(_KEPT)
                words.setText(_("{rule}: kept").format(rule=rule_text(rule)))
            else:
                sign.setText(_BROKEN)
                words.setText(_("{rule}: not kept").format(rule=rule_text(broken)))
