#!/usr/bin/env bash
# Qt: the Backspace key is not the standard key Backspace; it is the one to go back.
#
# To be expected: a field that asks event.matches(QKeySequence.StandardKey.Backspace) of the key that
# deletes to the left is told that it is, as Delete is told of the key that deletes to the right.
# What happens: except on macOS nothing is bound to it; Backspace is among the keys of Back, which leaves
# a page. Who makes a field of his own, such as one for PINs, by the standard keys, has one that does
# not delete, and a wizard that binds Back goes back where a digit was to be taken away.
source "$(dirname "$(realpath "$0")")/common.sh"
qt

cat >keys.py <<'PYTHON'
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

application = QApplication([])
Standard = QKeySequence.StandardKey


def matches(key, standard):
    pressed = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    return pressed.matches(standard)


for standard in Standard.Delete, Standard.Backspace, Standard.Back:
    keys = [each.toString() for each in QKeySequence.keyBindings(standard)]
    print(f"{standard.name}: {', '.join(keys) or 'no key'}")
print("key Delete is Delete:", matches(Qt.Key.Key_Delete, Standard.Delete))
print("key Backspace is Backspace:", matches(Qt.Key.Key_Backspace, Standard.Backspace))
print("key Backspace is Back:", matches(Qt.Key.Key_Backspace, Standard.Back))
PYTHON
"$python" keys.py >seen
expect seen <<'EOT'
Delete: Del
Backspace: no key
Back: Alt+Left, Backspace, Back
key Delete is Delete: True
key Backspace is Backspace: False
key Backspace is Back: True
EOT
