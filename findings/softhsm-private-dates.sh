#!/usr/bin/env bash
# SoftHSM: a private key takes a date, and nobody can read it.
#
# To be expected: CKA_START_DATE and CKA_END_DATE, which keys and certificates may have (PKCS#11, 4.6.2
# and 4.7.2), are read as they were written, whether CKA_PRIVATE is true or not.
# What happens: where it is true, as SoftHSM has it by default for keys that are secret, a date is taken and
# stored, and C_GetAttributeValue answers CKR_GENERAL_ERROR: for the date, and for a label that is asked
# for beside it. No date, the default, is read as empty. A test of keys that run
# out needs public ones.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
python_with pykcs11==1.5.20

cat >dates.py <<'PYTHON'
import sys

import PyKCS11 as p

library = p.PyKCS11Lib()
library.load(sys.argv[1])
session = library.openSession(library.getSlotList(tokenPresent=True)[0], p.CKF_RW_SESSION)
session.login("123456")


def made(private, date):
    return session.createObject(
        [
            (p.CKA_CLASS, p.CKO_SECRET_KEY),
            (p.CKA_KEY_TYPE, p.CKK_AES),
            (p.CKA_VALUE, bytes(16)),
            (p.CKA_LABEL, "key"),
            (p.CKA_PRIVATE, private),
            (p.CKA_END_DATE, date),
        ]
    )


def read(key, *attributes):
    try:
        return [bytes(each).decode() if isinstance(each, tuple) else each for each in session.getAttributeValue(key, attributes)]
    except p.PyKCS11Error as error:
        return error


for private, date in (False, b"20270102"), (True, b""), (True, b"20270102"):
    key = made(private, date)
    print("private" if private else "public", date.decode() or "no date")
    print("  date:", read(key, p.CKA_END_DATE))
    print("  label:", read(key, p.CKA_LABEL))
    print("  both:", read(key, p.CKA_LABEL, p.CKA_END_DATE))
PYTHON
"$python" dates.py "$module" >seen
expect seen <<'EOT'
public 20270102
  date: ['20270102']
  label: ['key']
  both: ['key', '20270102']
private no date
  date: ['']
  label: ['key']
  both: ['key', '']
private 20270102
  date: CKR_GENERAL_ERROR (0x00000005)
  label: ['key']
  both: CKR_GENERAL_ERROR (0x00000005)
EOT
