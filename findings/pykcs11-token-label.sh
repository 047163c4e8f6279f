#!/usr/bin/env bash
# PyKCS11: a token that initToken() has named is not found by its name.
#
# To be expected: initToken(slot, so_pin, "bank") makes a token "bank". PKCS#11 wants the label
# padded with blanks to 32 bytes, as every binding with a text argument does for its caller.
# What happens: PyKCS11 pads with NUL bytes. A listing shows the name as if nothing were wrong, but
# p11tool and softhsm2-util find no token "bank".
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
need p11tool gnutls-bin
python_with pykcs11==1.5.20

"$python" - "$module" >seen <<'PYTHON'
import sys

from PyKCS11 import CKF_TOKEN_INITIALIZED, PyKCS11Lib

library = PyKCS11Lib()
library.load(sys.argv[1])


def flags(slot):
    return library.getTokenInfo(slot).flags


blank = next(s for s in library.getSlotList() if not flags(s) & CKF_TOKEN_INITIALIZED)
library.initToken(blank, "12345678", "bank")
labels = sorted(library.getTokenInfo(slot).label for slot in library.getSlotList())
print("CK_TOKEN_INFO.label:", *(repr(label[:8]) for label in labels if label.strip()))
PYTHON
finds() { if "$@" >/dev/null 2>&1; then echo yes; else echo no; fi; }
by_url() { p11tool --provider "$module" --list-tokens "pkcs11:token=$1" 2>&1 | grep "token=$1\$"; }
for name in demo bank; do
    echo "p11tool finds $name: $(finds by_url $name)"
    echo "softhsm2-util finds $name: $(finds softhsm2-util --delete-token --token $name)"
done >>seen
expect seen <<'EOT'
CK_TOKEN_INFO.label: 'bank\x00\x00\x00\x00' 'demo    '
p11tool finds demo: yes
softhsm2-util finds demo: yes
p11tool finds bank: no
softhsm2-util finds bank: no
EOT
