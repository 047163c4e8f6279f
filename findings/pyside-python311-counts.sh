#!/usr/bin/env bash
# PySide6 6.12: on Python 3.11 each signal, and each call that returns nothing, uses up a reference.
#
# To be expected: what an extension returns, it has counted: after any number of calls True and None
# have as many references as before. From Python 3.12 on they are not counted (PEP 683); the wheel
# is for 3.10 and later.
# What happens: a signal that is emitted costs True one reference, and a method that returns nothing costs
# None one. Python has some hundreds of the one and some thousands of the other when it starts, and
# does not bear it when they are used up. Ten calls are counted here; a program with a window makes
# them by the thousand. With 6.11.1 nothing is used up.
source "$(dirname "$(realpath "$0")")/common.sh"
only_python 'sys.version_info[:2] == (3, 11)'
qt

cat >count.py <<'PYTHON'
import sys

from PySide6.QtCore import QObject, Signal


class Token(QObject):
    came = Signal()


token = Token()


def lost(of, call):
    before = sys.getrefcount(of)
    for _ in range(10):
        call()
    return before - sys.getrefcount(of)


for name, call in (
    ("emit", token.came.emit),
    ("setObjectName", lambda: token.setObjectName("token")),
    ("objectName", token.objectName),
    ("isWidgetType", token.isWidgetType),
):
    print(f"10 x {name}: True {lost(True, call)}, None {lost(None, call)}")
PYTHON
"$python" count.py >seen
expect seen <<'EOT'
10 x emit: True 10, None 0
10 x setObjectName: True 0, None 10
10 x objectName: True 0, None 0
10 x isWidgetType: True 0, None 0
EOT
