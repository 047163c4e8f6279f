#!/usr/bin/env bash
# Both Python bindings: reading an attribute costs several calls of the module.
#
# To be expected: one C_GetAttributeValue for all attributes of an object, two if lengths are
# asked for first; and finding an object costs no reading.
# What happens: python-pkcs11 spends two calls on each object it finds and two on each read; to
# print an object reads more. PyKCS11 needs two for a whole list, but one attribute that the object
# has not makes it ask for each by itself. On a card each call is an exchange with a slow reader.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
need pkcs11-tool opensc
need_file spy opensc-pkcs11 /usr/lib/*/pkcs11-spy.so
python_with python-pkcs11==0.10.1 pykcs11==1.5.20
make_key 01 one
export PKCS11SPY=$module PKCS11SPY_OUTPUT=$folder/calls

cat >counting.py <<'PYTHON'
from pathlib import Path


def calls():
    return sum(line.endswith(": C_GetAttributeValue") for line in
               Path("calls").read_text(errors="replace").splitlines())


def counted(what, doing):
    before = calls()
    result = doing()
    print(f"{what}: {calls() - before}")
    return result
PYTHON

"$python" - "$spy" >seen <<'PYTHON'
import sys

import pkcs11
from counting import counted
from pkcs11 import Attribute, ObjectClass

token = pkcs11.lib(sys.argv[1]).get_token(token_label="demo")
with token.open(user_pin="123456") as session:
    private = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
    (key,) = counted("python-pkcs11, find one key", lambda: list(session.get_objects(private)))
    counted("python-pkcs11, its label", lambda: key[Attribute.LABEL])
    counted("python-pkcs11, label and id at once",
            lambda: key.get_attributes([Attribute.LABEL, Attribute.ID]))
    counted("python-pkcs11, repr(key)", lambda: repr(key))
PYTHON

"$python" - "$spy" >>seen <<'PYTHON'
import sys

from counting import counted
from PyKCS11 import CKA_CLASS, CKA_ID, CKA_LABEL, CKA_MODULUS, CKO_PRIVATE_KEY, PyKCS11Lib

library = PyKCS11Lib()
library.load(sys.argv[1])
slot = next(s for s in library.getSlotList() if library.getTokenInfo(s).label.strip() == "demo")
session = library.openSession(slot)
session.login("123456")
(key,) = counted("PyKCS11, find one key",
                 lambda: session.findObjects([(CKA_CLASS, CKO_PRIVATE_KEY)]))
counted("PyKCS11, label and id", lambda: session.getAttributeValue(key, [CKA_LABEL, CKA_ID]))
counted("PyKCS11, label, id and a modulus, which an EC key has not",
        lambda: session.getAttributeValue(key, [CKA_LABEL, CKA_ID, CKA_MODULUS]))
PYTHON
expect seen <<'EOT'
python-pkcs11, find one key: 2
python-pkcs11, its label: 2
python-pkcs11, label and id at once: 2
python-pkcs11, repr(key): 7
PyKCS11, find one key: 0
PyKCS11, label and id: 2
PyKCS11, label, id and a modulus, which an EC key has not: 6
EOT
