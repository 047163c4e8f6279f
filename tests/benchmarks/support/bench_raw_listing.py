"""Lists a token with PyKCS11 alone, as a short script does: ``bench_raw_listing.py MODULE PIN``.

Of each object its class, id and label are read, then what is worth showing of that class.
"""

from __future__ import annotations

import sys

import PyKCS11
from PyKCS11 import LowLevel as Low

_ALL = (Low.CKA_CLASS, Low.CKA_ID, Low.CKA_LABEL)
_OF = {
    Low.CKO_CERTIFICATE: (Low.CKA_CERTIFICATE_TYPE, Low.CKA_VALUE),
    Low.CKO_PUBLIC_KEY: (Low.CKA_KEY_TYPE, Low.CKA_EC_POINT),
    Low.CKO_PRIVATE_KEY: (Low.CKA_KEY_TYPE, Low.CKA_SIGN),
}


def main() -> None:
    """Print a line for each object."""
    module, pin = sys.argv[1:]
    library = PyKCS11.PyKCS11Lib()
    library.load(module)
    session = library.openSession(library.getSlotList(tokenPresent=True)[0])
    session.login(pin)
    for each in session.findObjects():
        kind, key_id, label = session.getAttributeValue(each, _ALL)
        more = session.getAttributeValue(each, _OF[kind])
        print(PyKCS11.CKO[kind], bytes(key_id).hex(), label, more)
    session.logout()
    session.closeSession()


if __name__ == "__main__":
    main()
