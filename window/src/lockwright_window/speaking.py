"""The language in use, which a person may change while the window is open."""

from __future__ import annotations

from lockwright import i18n
from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QWidget


class Languages:
    """Switches the language of our words and of Qt's own buttons.

    Args:
        application: the program.
    """

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._own: QTranslator | None = None
        self.use(i18n.language())

    def use(self, language: str) -> None:
        """Speak another language from now on; every widget says its words again.

        Args:
            language: ``en`` or ``ru``.
        """
        i18n.use(language)
        QLocale.setDefault(QLocale(language))
        if self._own is not None:
            self._application.removeTranslator(self._own)
        self._own = _Own(language)
        self._application.installTranslator(self._own)

    def switch(self) -> None:
        """Speak the other language."""
        self.use("en" if i18n.language() == "ru" else "ru")


class _Own(QTranslator):
    """Qt's own words; never empty, since Qt tells nobody of a translator that is (6.12)."""

    def __init__(self, language: str) -> None:
        super().__init__()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        self.load(f"qtbase_{language}", folder)

    def isEmpty(self) -> bool:  # noqa: N802  # Qt's name
        """Whether it has no words."""
        return False


class Says(QWidget):
    """A widget whose words follow the language."""

    def say(self) -> None:
        """Put the words of every part of it into the language in use.

        Called once when it is shown first, and at every change; it must bear to be called often.
        """

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """The language has changed, perhaps."""
        if event.type() is QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)
