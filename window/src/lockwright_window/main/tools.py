"""The row of tools above: mode, view, another look, language; each has a key of its own."""

from __future__ import annotations

from lockwright import i18n
from lockwright.i18n import _
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolBar, QWidget

from lockwright_window.pieces.hints import hint
from lockwright_window.stories.acts import Mode


class Tools(QToolBar):
    """The tools; the view is that of an administrator in the administrator's mode."""

    changed = Signal()
    """Another mode or view is wanted."""
    look_wanted = Signal()
    """The tokens are to be looked at again."""
    language_wanted = Signal()
    """The other language is wanted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._administrator = self._switch("F2")
        self._detailed = self._switch("F3")
        self._look, self._language = QAction(self), QAction(self)
        self._look.setShortcut(QKeySequence("F5"))
        self._language.setShortcut(QKeySequence("F8"))
        self._look.triggered.connect(self.look_wanted)
        self._language.triggered.connect(self.language_wanted)
        self.addActions([self._administrator, self._detailed, self._look, self._language])
        self._administrator.toggled.connect(self._on_switch)
        self._detailed.toggled.connect(self._on_switch)
        self.say()

    @property
    def mode(self) -> Mode:
        """Whose things are shown."""
        return Mode.ADMINISTRATOR if self._administrator.isChecked() else Mode.USER

    @property
    def detailed(self) -> bool:
        """Whether the detailed view is shown."""
        return self._detailed.isChecked() or self.mode is Mode.ADMINISTRATOR

    def say(self) -> None:
        """Put it into the language in use."""
        self.setAccessibleName(_("Tools"))
        _say(self._administrator, _("Administrator's mode"))
        _say(self._detailed, _("Detailed view"))
        _say(self._look, _("Look again"))
        _say(self._language, "English" if i18n.language() == "ru" else "Русский")
        always = self.mode is Mode.ADMINISTRATOR
        self._detailed.setEnabled(not always)
        if always:
            self._detailed.setToolTip(_("The administrator's mode always shows it."))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """The language has changed, perhaps."""
        if event.type() is QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    def _switch(self, key: str) -> QAction:
        action = QAction(self)
        action.setCheckable(True)
        action.setShortcut(QKeySequence(key))
        return action

    def _on_switch(self, _checked: bool) -> None:  # noqa: FBT001  # Qt's signature
        self.say()
        self.changed.emit()


def _say(action: QAction, words: str) -> None:
    action.setText(f"{words} ({action.shortcut().toString()})")
    action.setToolTip(hint(words))
