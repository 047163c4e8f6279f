#!/usr/bin/env bash
# Qt: a PIN that was cleared in a password field is still there, and undo brings it back.
#
# To be expected: in Password mode QLineEdit offers no undo, so that what is cleared, or cut, is gone.
# What happens: isUndoAvailable() says no as long as the mode is Password; the history is kept all the
# same. With another mode it is offered, and each undo gives back what was deleted. A field with an eye,
# to show what was typed, changes the mode. setText("") drops the history; clear() does not.
source "$(dirname "$(realpath "$0")")/common.sh"
qt

cat >undo.py <<'PYTHON'
from PySide6.QtWidgets import QApplication, QLineEdit

application = QApplication([])
Mode = QLineEdit.EchoMode


def by_clear(field):
    field.clear()


def by_backspace(field):
    for _ in range(6):
        field.backspace()


def by_set_text(field):
    field.setText("")


for emptied in by_clear, by_backspace, by_set_text:
    field = QLineEdit()
    field.setEchoMode(Mode.Password)
    field.insert("135790")
    emptied(field)
    print(f"{emptied.__name__}: {field.text() or 'empty'}, undo offered: {field.isUndoAvailable()}")
    field.setEchoMode(Mode.Normal)
    print(f"  shown: undo offered: {field.isUndoAvailable()}")
    field.undo()
    print(f"  undone: {field.text() or 'empty'}")
PYTHON
"$python" undo.py >seen
expect seen <<'EOT'
by_clear: empty, undo offered: False
  shown: undo offered: True
  undone: 135790
by_backspace: empty, undo offered: False
  shown: undo offered: True
  undone: 135790
by_set_text: empty, undo offered: False
  shown: undo offered: False
  undone: empty
EOT
