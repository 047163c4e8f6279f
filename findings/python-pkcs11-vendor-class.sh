#!/usr/bin/env bash
# python-pkcs11: one object of a vendor's class ends the whole listing.
#
# To be expected: PKCS#11 leaves every number from 0x80000000 up to vendors, so an object whose
# class is such a number is listed as an unknown one, or left out.
# What happens: the search raises ValueError at the first such object, and what comes after it is
# never seen. Shown on a module that nearly every Linux has: p11-kit's store of trusted CAs, whose
# root list is of a class of Mozilla's.
source "$(dirname "$(realpath "$0")")/common.sh"
need_file module p11-kit-modules /usr/lib/*/pkcs11/p11-kit-trust.so
need_file anchors ca-certificates /etc/ssl/certs/ca-certificates.crt
python_with python-pkcs11==0.10.1 pykcs11==1.5.20

"$python" - "$module" >seen <<'PYTHON'
import re
import sys

import pkcs11
from pkcs11 import Attribute, ObjectClass


def listed(session, **fitting):
    try:
        return "listed" if list(session.get_objects(**fitting)) else "there are none"
    except ValueError as error:
        number = int(re.search(r"\d+", str(error))[0])
        whose = "vendor's" if number >= 0x80000000 else "standard"
        return f"ValueError: [a {whose} number]" + str(error).removeprefix(str(number))


token = next(iter(pkcs11.lib(sys.argv[1]).get_tokens()))
with token.open() as session:
    certificates = {Attribute.CLASS: ObjectClass.CERTIFICATE}
    print("python-pkcs11, certificates:", listed(session, attrs=certificates))
    print("python-pkcs11, all objects:", listed(session))
PYTHON
"$python" - "$module" >>seen <<'PYTHON'
import sys

from PyKCS11 import CKA_CLASS, PyKCS11Lib

library = PyKCS11Lib()
library.load(sys.argv[1])
session = library.openSession(library.getSlotList(tokenPresent=True)[0])
classes = [session.getAttributeValue(each, [CKA_CLASS])[0] for each in session.findObjects()]
theirs = any(number >= 0x80000000 for number in classes)
print("PyKCS11, all objects:", "listed, a vendor's among them" if theirs else "no vendor's")
PYTHON
expect seen <<'EOT'
python-pkcs11, certificates: listed
python-pkcs11, all objects: ValueError: [a vendor's number] is not a valid ObjectClass
PyKCS11, all objects: listed, a vendor's among them
EOT
