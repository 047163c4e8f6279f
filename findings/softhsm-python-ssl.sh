#!/usr/bin/env bash
# SoftHSM and Python 3.11: with the module loaded, ssl refuses a good CA certificate.
#
# To be expected: load_verify_locations(cadata=DER) depends on the certificate alone.
# What happens: SoftHSM uses the same OpenSSL and leaves an error in its queue when it is
# initialised. After reading DER, Python looks for the end of its data in the last error of that
# queue, finds SoftHSM's, and raises it: NO_SUCH_ENGINE, for a certificate. As PEM it is read.
# Python 3.12 reads both.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
need openssl openssl
only_python 'sys.version_info[:2] == (3, 11)'
python_with python-pkcs11==0.10.1
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem \
    -subj '/CN=Bank CA' -days 30 -out ca.pem 2>/dev/null
"$python" -c 'import ssl, sys; sys.exit("libcrypto.so" not in open("/proc/self/maps").read())' ||
    cannot_run "this Python has an OpenSSL of its own"

"$python" - "$module" >seen <<'PYTHON'
import ssl
import sys
from pathlib import Path

import pkcs11

pem = Path("ca.pem").read_text()


def load(cadata):
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=cadata)
    except ssl.SSLError as error:
        return f"SSLError: {error.library}, {error.reason}"
    return "loaded"


print("before, as DER:", load(ssl.PEM_cert_to_DER_cert(pem)))
library = pkcs11.lib(sys.argv[1])
print("SoftHSM initialised, as DER:", load(ssl.PEM_cert_to_DER_cert(pem)))
library.reinitialize()
print("SoftHSM initialised anew, as PEM:", load(pem))
PYTHON
expect seen <<'EOT'
before, as DER: loaded
SoftHSM initialised, as DER: SSLError: ENGINE, NO_SUCH_ENGINE
SoftHSM initialised anew, as PEM: loaded
EOT
