#!/usr/bin/env bash
# python-pkcs11: after one wrong user PIN the administrator (SO) cannot log in.
#
# To be expected: Token.open() with a wrong PIN raises PinIncorrect and leaves nothing behind.
# What happens: it opens a session, logs in, and forgets the session when the login fails. That
# read-only session stays open, nobody holds it, and PKCS#11 lets no SO log in beside one. So the
# very thing that wrong PINs lead to, an unblock by the SO, fails until the library is finalised.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
python_with python-pkcs11==0.10.1

"$python" - "$module" >seen <<'PYTHON'
import sys

import pkcs11

library = pkcs11.lib(sys.argv[1])


def login(**how):
    try:
        library.get_token(token_label="demo").open(**how).close()
    except pkcs11.PKCS11Error as error:
        return type(error).__name__
    return "logged in"


print("SO:", login(rw=True, so_pin="12345678"))
print("user, wrong PIN:", login(user_pin="999999"))
print("SO:", login(rw=True, so_pin="12345678"))
library.reinitialize()
print("SO, after C_Finalize and C_Initialize:", login(rw=True, so_pin="12345678"))
PYTHON
expect seen <<'EOT'
SO: logged in
user, wrong PIN: PinIncorrect
SO: SessionReadOnlyExists
SO, after C_Finalize and C_Initialize: logged in
EOT
