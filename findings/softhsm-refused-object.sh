#!/usr/bin/env bash
# SoftHSM: an object that it refuses to create is on the token afterwards, without a name.
#
# To be expected: a C_CreateObject that answers with an error has created nothing.
# What happens: SoftHSM stores the object first and then judges attribute by attribute. After an
# attribute that it does not know, here one of a vendor's, it answers CKR_ATTRIBUTE_TYPE_INVALID and
# leaves what it has: an object of the right class with no label, no ID and no value, which every
# later listing shows.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
need pkcs11-tool opensc
need openssl openssl
python_with pykcs11==1.5.20
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem \
    -subj /CN=Clerk -days 30 -outform DER -out certificate.der 2>/dev/null

"$python" - "$module" >seen <<'PYTHON'
import sys
from pathlib import Path

import PyKCS11 as p11

library = p11.PyKCS11Lib()
library.load(sys.argv[1])
slot = next(s for s in library.getSlotList() if library.getTokenInfo(s).label.strip() == "demo")
session = library.openSession(slot, p11.CKF_SERIAL_SESSION | p11.CKF_RW_SESSION)
session.login("123456")
certificate = [
    (p11.CKA_CLASS, p11.CKO_CERTIFICATE),
    (p11.CKA_CERTIFICATE_TYPE, p11.CKC_X_509),
    (p11.CKA_TOKEN, p11.CK_TRUE),
    (p11.CKA_LABEL, "clerk"),
    (p11.CKA_SUBJECT, bytes.fromhex("3010310e300c06035504030c05436c65726b")),
    (p11.CKA_VALUE, Path("certificate.der").read_bytes()),
]
for name, further in (("certificate", []),
                      ("certificate and a vendor's attribute", [(0x80000001, b"x")])):
    try:
        session.createObject(certificate + further)
        print(f"C_CreateObject, {name}: CKR_OK")
    except p11.PyKCS11Error as error:
        print(f"C_CreateObject, {name}: {error}")
PYTHON
echo "the token afterwards, to another process:" >>seen
pkcs11-tool --module "$module" --token-label demo --list-objects 2>/dev/null |
    grep label | sed 's/^ */certificate, /; s/ *$//' | sort >>seen
expect seen <<'EOT'
C_CreateObject, certificate: CKR_OK
C_CreateObject, certificate and a vendor's attribute: CKR_ATTRIBUTE_TYPE_INVALID (0x00000012)
the token afterwards, to another process:
certificate, label:
certificate, label:      clerk
EOT
