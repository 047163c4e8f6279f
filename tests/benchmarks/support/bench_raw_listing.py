"""Lists a token with PyKCS11 alone, as a short script does: ``bench_raw_listing.py MODULE PIN``.

Of each object its class, id and label are read, then what is worth showing of that class.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

PyKCS11: Any = import_module("PyKCS11")  # our stubs have of it what the binding uses
_ALL = (PyKCS11.CKA_CLASS, PyKCS11.CKA_ID, PyKCS11.CKA_LABEL)
_OF = {
    PyKCS11.CKO_CERTIFICATE: (PyKCS11.CKA_CERTIFICATE_TYPE, PyKCS11.CKA_VALUE),
    PyKCS11.CKO_PUBLIC_KEY: (PyKCS11.CKA_KEY_TYPE, PyKCS11.CKA_EC_POINT),
    PyKCS11.CKO_PRIVATE_KEY: (PyKCS11.CKA_KEY_TYPE, PyKCS11.CKA_SIGN),
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
