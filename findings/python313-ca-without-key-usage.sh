#!/usr/bin/env bash
# Python 3.13: a CA that `openssl req -x509` makes with its defaults is not trusted.
#
# To be expected: what OpenSSL makes, OpenSSL verifies, and Python's ssl is OpenSSL. Up to 3.12 it
# does.
# What happens: since 3.13 create_default_context() sets VERIFY_X509_STRICT, and the CA certificate
# of nearly every guide has no KeyUsage. An SSLContext that is made without that function is not
# strict, in the same Python.
source "$(dirname "$(realpath "$0")")/common.sh"
need openssl openssl
only_python 'sys.version_info >= (3, 13)'
python_with

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key \
    -subj '/CN=Bank CA' -days 30 -out ca.pem 2>/dev/null
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key \
    -subj /CN=bank.example -out server.csr 2>/dev/null
echo 'subjectAltName = DNS:bank.example' >extensions
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
    -extfile extensions -out server.pem 2>/dev/null

openssl verify -CAfile ca.pem server.pem | sed 's/server.pem/openssl verify/' >seen
"$python" - >>seen <<'PYTHON'
import ssl

server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.load_cert_chain("server.pem", "server.key")


def greet(client):
    """A handshake in memory."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(back, there, server_hostname="bank.example")
    theirs = server.wrap_bio(there, back, server_side=True)
    for side in (ours, theirs, ours):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
    return "OK"


plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
plain.load_verify_locations("ca.pem")
print("SSLContext(PROTOCOL_TLS_CLIENT):", greet(plain))
print("create_default_context():", greet(ssl.create_default_context(cafile="ca.pem")))
PYTHON
expect seen <<'EOT'
openssl verify: OK
SSLContext(PROTOCOL_TLS_CLIENT): OK
create_default_context(): CA cert does not include key usage extension
EOT
