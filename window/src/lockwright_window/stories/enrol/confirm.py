"""The page on which a person confirms a CA that nobody trusts yet, by its fingerprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright.console.clean import clean
from lockwright.i18n import _
from lockwright.models import CaProfile
from lockwright.records import dataclass
from lockwright.runner import Runner
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from lockwright_window.pieces.labels import text
from lockwright_window.story.step import Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography import x509

    from lockwright_window.story.frame import Story


@dataclass(frozen=True, slots=True)
class Stranger:
    """A certificate of a CA that nobody confirmed yet."""

    certificate: x509.Certificate
    """The certificate."""
    subject: str
    """Its subject."""
    fingerprint: tuple[str, ...]
    """Its SHA-256, in rows."""


def stranger(runner: Runner, ca: CaProfile) -> Stranger | None:
    """What a person is to confirm of a CA; None if it is trusted.

    Raises:
        CaError: it cannot be asked.
    """
    if ca.anchors:
        return None
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  # slow to import
    from lockwright.certificates import parts  # noqa: PLC0415  # the same
    from lockwright.certificates.subjects import subject_text  # noqa: PLC0415  # the same
    from lockwright.enrol.trust import der  # noqa: PLC0415  # the same
    from lockwright.errors import CaNotConfirmed  # noqa: PLC0415  # the same
    from lockwright.spoken import spell_fingerprint  # noqa: PLC0415  # the same

    found = runner.authorities.unconfirmed(ca)
    roots = [each for each in found if parts.of_certificate(der(each)).is_own_issuer]
    own = next(iter(roots or found), None)
    if own is None:
        raise CaNotConfirmed(ca=ca.name, fingerprint="-")
    rows = tuple(spell_fingerprint(own.fingerprint(SHA256())))
    return Stranger(own, subject_text(own), rows)


class Confirm(Step):
    """A CA is to be confirmed.

    Args:
        story: which it belongs to.
        ca: the CA.
        found: its certificate.
        before: the page before.
        confirmed: goes on once it is confirmed.
    """

    def __init__(
        self,
        story: Story,
        ca: CaProfile,
        found: Stranger,
        before: Step | None,
        confirmed: Callable[[], None],
    ) -> None:
        super().__init__(story)
        self._ca, self._found, self._before, self._confirmed = ca, found, before, confirmed
        self._told, self._shown, self._compare = (text(self) for _ in range(3))
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        self._shown.setFont(fixed)
        self._same = QCheckBox(self)
        self._same.toggled.connect(lambda _on: self.changed.emit())
        layout = QVBoxLayout(self)
        for each in (self._told, self._shown, self._compare, self._same):
            layout.addWidget(each)
        layout.addStretch()

    def title(self) -> str:
        """What is asked."""
        return _("Is this your bank's CA?")

    def before(self) -> Step | None:
        """Another CA may be meant."""
        return self._before

    def first(self) -> QWidget | None:
        """The tick."""
        return self._same

    def enter(self) -> None:
        """It is compared anew."""
        self._same.setChecked(False)

    def ready(self) -> bool:
        """Only what was compared is trusted."""
        return self._same.isChecked()

    def go(self) -> None:
        """Trust it from now on."""
        self._confirmed()

    def say(self) -> None:
        """Its words."""
        self._told.setText(
            _("The CA {ca} is not known yet. Its certificate is:").format(ca=clean(self._ca.name))
        )
        rows = "\n".join(self._found.fingerprint)
        self._shown.setText(f"{clean(self._found.subject)}\nSHA-256\n{rows}")
        self._compare.setText(_("Compare it with what the bank told you through another channel."))
        self._same.setText(_("It is the same, character for character"))
