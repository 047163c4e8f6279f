#!/usr/bin/env bash
# python-pkcs11: the date of a key without one is ValueError.
#
# To be expected: CKA_START_DATE and CKA_END_DATE are "default empty" (PKCS#11, 4.7.2), so nearly every
# key and certificate has empty ones; reading such a date gives None, or what stands for no date.
# What happens: an empty value is parsed as a date and read as ValueError, which is none of the library's
# own errors, so that `except PKCS11Error` lets it through. A listing with dates ends at the first key.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
python_with python-pkcs11==0.10.1 pykcs11==1.5.20

cat >dates.py <<'PYTHON'
import datetime
import sys

import PyKCS11
from pkcs11 import Attribute, KeyType, ObjectClass, PKCS11Error, lib

with lib(sys.argv[1]).get_token(token_label="demo").open(rw=True, user_pin="123456") as session:
    session.generate_keypair(KeyType.RSA, 2048, store=True, label="without")
    session.create_object(
        {
            Attribute.CLASS: ObjectClass.SECRET_KEY,
            Attribute.KEY_TYPE: KeyType.AES,
            Attribute.PRIVATE: False,
            Attribute.VALUE: bytes(16),
            Attribute.START_DATE: datetime.date(2026, 1, 2),
            Attribute.LABEL: "with",
        }
    )
    for label in "without", "with":
        for key in session.get_objects({Attribute.LABEL: label}):
            for which in Attribute.START_DATE, Attribute.END_DATE:
                try:
                    read = key[which]
                except (PKCS11Error, ValueError) as error:
                    read = f"{type(error).__name__}, is PKCS11Error: {isinstance(error, PKCS11Error)}"
                print(f"python-pkcs11, {label}, {type(key).__name__}, {which.name}: {read}")

    library = PyKCS11.PyKCS11Lib()
    library.load(sys.argv[1])
    beside = library.openSession(library.getSlotList(tokenPresent=True)[0])
    for key in beside.findObjects([(PyKCS11.CKA_LABEL, "without"), (PyKCS11.CKA_CLASS, PyKCS11.CKO_PUBLIC_KEY)]):
        print("PyKCS11, without:", beside.getAttributeValue(key, [PyKCS11.CKA_START_DATE])[0])
PYTHON
"$python" dates.py "$module" >seen
expect seen <<'EOT'
python-pkcs11, without, PublicKey, START_DATE: ValueError, is PKCS11Error: False
python-pkcs11, without, PublicKey, END_DATE: ValueError, is PKCS11Error: False
python-pkcs11, without, PrivateKey, START_DATE: ValueError, is PKCS11Error: False
python-pkcs11, without, PrivateKey, END_DATE: ValueError, is PKCS11Error: False
python-pkcs11, with, SecretKey, START_DATE: 2026-01-02
python-pkcs11, with, SecretKey, END_DATE: ValueError, is PKCS11Error: False
PyKCS11, without: ()
EOT
