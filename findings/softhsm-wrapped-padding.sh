#!/usr/bin/env bash
# SoftHSM: a secret that it wraps by AES key wrap with padding is longer than it was.
#
# To be expected: RFC 5649 writes the length of the secret into what is wrapped, so that a secret of
# any length comes out as it was.
# What happens: CKM_AES_KEY_WRAP_PAD pads the secret to whole blocks of eight bytes before it is
# wrapped, and writes the length of that. Whoever unwraps it, SoftHSM or another, finds zeros behind
# it: a password, or a key for HMAC of another length, has become another one, and nothing says so.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
python_with pykcs11==1.5.20 cryptography==46.0.3

cat >wrap.py <<'PYTHON'
import sys

import PyKCS11 as p
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap_with_padding

CKM_AES_KEY_WRAP_PAD = 0x210A
KEK = bytes(range(32))

library = p.PyKCS11Lib()
library.load(sys.argv[1])
session = library.openSession(library.getSlotList(tokenPresent=True)[0], p.CKF_RW_SESSION)
session.login("123456")
kek = session.createObject(
    [
        (p.CKA_CLASS, p.CKO_SECRET_KEY),
        (p.CKA_KEY_TYPE, p.CKK_AES),
        (p.CKA_VALUE, KEK),
        (p.CKA_WRAP, True),
    ]
)
for length in (7, 8, 19, 24):
    secret = bytes(range(1, length + 1))
    key = session.createObject(
        [
            (p.CKA_CLASS, p.CKO_SECRET_KEY),
            (p.CKA_KEY_TYPE, p.CKK_GENERIC_SECRET),
            (p.CKA_VALUE, secret),
            (p.CKA_EXTRACTABLE, True),
        ]
    )
    wrapped = bytes(session.wrapKey(kek, key, p.Mechanism(CKM_AES_KEY_WRAP_PAD)))
    value = aes_key_unwrap_with_padding(KEK, wrapped)
    assert value.startswith(secret)
    print(length, "bytes wrapped,", len(value), "within, behind it:", value[length:].hex() or "-")
PYTHON
"$python" wrap.py "$module" >seen
expect seen <<'EOT'
7 bytes wrapped, 8 within, behind it: 00
8 bytes wrapped, 8 within, behind it: -
19 bytes wrapped, 24 within, behind it: 0000000000
24 bytes wrapped, 24 within, behind it: -
EOT
