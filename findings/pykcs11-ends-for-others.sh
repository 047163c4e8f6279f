#!/usr/bin/env bash
# PyKCS11: a library object that is dropped ends the module for everyone else in the process.
#
# To be expected: a module that somebody else initialised (CKR_CRYPTOKI_ALREADY_INITIALIZED) is used
# and left running; whoever began it ends it.
# What happens: PyKCS11Lib.load() takes that answer for its own beginning, and unload(), which
# collecting the object calls as well, is a C_Finalize. Where the object is in a cycle, such as that
# of a failure's traceback, it comes whenever Python collects, in the middle of other work.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
python_with pykcs11==1.5.20 python-pkcs11==0.10.1

"$python" - "$module" >seen <<'PYTHON'
import gc
import sys

import pkcs11
from PyKCS11 import PyKCS11Lib

library = pkcs11.lib(sys.argv[1])


def look():
    try:
        return library.get_token(token_label="demo").label
    except pkcs11.PKCS11Error as error:
        return str(error)


print("before:", look())
beside = PyKCS11Lib()
beside.load(sys.argv[1])
cycle = [beside]
cycle.append(cycle)
del beside, cycle
print("dropped:", look())
gc.collect()
print("collected:", look())
PYTHON
expect seen <<'EOT'
before: demo
dropped: demo
collected: Initialisation error (not initialized). Should never see this.
EOT
