#!/usr/bin/env bash
# Qt: a password field answers an input method as any field does, with the PIN, whatever it is told.
#
# To be expected: where WA_InputMethodEnabled is taken away, an input method is told that the field is not
# for it, as it is told of a field that is read-only; and of a password, dots at most.
# What happens: QLineEdit answers ImEnabled with yes with and without the attribute, and ImSurroundingText
# with the PIN that it shows as dots. What is kept from others rests on them: they are told by a hint that
# the text is hidden. To answer no, a field must override inputMethodQuery.
source "$(dirname "$(realpath "$0")")/common.sh"
qt

cat >ask.py <<'PYTHON'
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodQueryEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

application = QApplication([])
Query = Qt.InputMethodQuery
ATTRIBUTE = Qt.WidgetAttribute.WA_InputMethodEnabled


def ask(name, widget):
    """As a platform's input context asks who has the focus."""
    asked = QInputMethodQueryEvent(Query.ImEnabled | Query.ImSurroundingText | Query.ImHints)
    application.sendEvent(widget, asked)
    hidden = Qt.InputMethodHint.ImhHiddenText in Qt.InputMethodHint(asked.value(Query.ImHints) or 0)
    print(
        f"{name}: attribute {widget.testAttribute(ATTRIBUTE)}, enabled {asked.value(Query.ImEnabled)},"
        f" text {asked.value(Query.ImSurroundingText)}, hidden {hidden}"
    )


def field(mode):
    made = QLineEdit("135790")
    made.setEchoMode(mode)
    return made


ask("plain", field(QLineEdit.EchoMode.Normal))
taken = field(QLineEdit.EchoMode.Password)
ask("password", field(QLineEdit.EchoMode.Password))
taken.setAttribute(ATTRIBUTE, False)
ask("password, taken away", taken)
read_only = field(QLineEdit.EchoMode.Password)
read_only.setReadOnly(True)
ask("read-only", read_only)


class Own(QLineEdit):
    def inputMethodQuery(self, query, *more):
        return False if query == Query.ImEnabled else super().inputMethodQuery(query, *more)


own = Own()
own.setEchoMode(QLineEdit.EchoMode.Password)
ask("overridden", own)
ask("any widget", QWidget())
PYTHON
"$python" ask.py >seen
expect seen <<'EOT'
plain: attribute True, enabled True, text 135790, hidden False
password: attribute True, enabled True, text 135790, hidden True
password, taken away: attribute False, enabled True, text 135790, hidden True
read-only: attribute False, enabled False, text 135790, hidden True
overridden: attribute True, enabled False, text , hidden True
any widget: attribute False, enabled False, text None, hidden False
EOT
