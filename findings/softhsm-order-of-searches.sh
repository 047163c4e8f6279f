#!/usr/bin/env bash
# SoftHSM: in what order a search finds objects depends on what was searched for before.
#
# To be expected: PKCS#11 promises no order, but one search finds the same objects in the same order
# as long as nothing on the token changes.
# What happens: handles are given out as objects are first found, and a search lists by handle. Whoever
# searches for certificates first, in a process, finds them before the rest ever after; a program
# that takes "the first key" or compares two listings finds another one by searching otherwise.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
python_with pykcs11==1.5.20

cat >order.py <<'PYTHON'
import sys

from PyKCS11 import CKA_CLASS, CKA_LABEL, CKA_TOKEN, CKA_VALUE, CKF_RW_SESSION, CKO_DATA, PyKCS11Lib

library = PyKCS11Lib()
library.load(sys.argv[1])
session = library.openSession(int(sys.argv[2]), CKF_RW_SESSION)
session.login("123456")
if sys.argv[3] == "make":
    for label in ("a", "b", "a", "b", "a", "b"):
        session.createObject(
            [(CKA_CLASS, CKO_DATA), (CKA_TOKEN, True), (CKA_LABEL, label), (CKA_VALUE, b"1")]
        )
else:
    session.findObjects([(CKA_LABEL, sys.argv[3])])
    found = session.findObjects([(CKA_CLASS, CKO_DATA)])
    print(*(session.getAttributeValue(each, [CKA_LABEL])[0] for each in found))
session.logout()
PYTHON
slot=$(softhsm2-util --show-slots | sed -n 's/^Slot //p' | head -n 1)
"$python" order.py "$module" "$slot" make
for first in a b; do
    echo "after a search for $first, all: $("$python" order.py "$module" "$slot" "$first")"
done >seen
expect seen <<'EOT'
after a search for a, all: a a a b b b
after a search for b, all: b b b a a a
EOT
