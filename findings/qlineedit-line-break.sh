#!/usr/bin/env bash
# Qt: a field of one line keeps the line break of what was pasted, and shows a blank or a dot for it.
#
# To be expected: what is pasted into a field of one line has no line break in it, as in an <input> of
# HTML, which strips newlines from its value; or it ends at the first one.
# What happens: QLineEdit keeps it in text(). displayText() has a blank there, and a password field one
# dot more. A PIN or Response copied with the end of its line is refused as wrong, or as too long,
# and a token counts a try for it. A maximal length cuts the end, not the break before it.
source "$(dirname "$(realpath "$0")")/common.sh"
qt

cat >paste.py <<'PYTHON'
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit

application = QApplication([])


def pasted(text, mode, most=32767):
    QGuiApplication.clipboard().setText(text)
    field = QLineEdit()
    field.setMaxLength(most)
    field.setEchoMode(mode)
    field.paste()
    dots = field.displayText()
    shown = repr(dots) if mode is QLineEdit.EchoMode.Normal else f"{len(dots)} dots"
    print(f"{text!r}: {field.text()!r}, shown as {shown}")


for text in "135790\n", "135790\r\n", "\n135790", "135\t790":
    pasted(text, QLineEdit.EchoMode.Normal)
pasted("135790\n", QLineEdit.EchoMode.Password)
pasted("\n135790", QLineEdit.EchoMode.Password, most=6)
PYTHON
"$python" paste.py >seen
expect seen <<'EOT'
'135790\n': '135790\n', shown as '135790 '
'135790\r\n': '135790\r\n', shown as '135790  '
'\n135790': '\n135790', shown as ' 135790'
'135\t790': '135\t790', shown as '135\t790'
'135790\n': '135790\n', shown as 7 dots
'\n135790': '\n13579', shown as 6 dots
EOT
