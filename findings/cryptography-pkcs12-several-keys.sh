#!/usr/bin/env bash
# cryptography: of a PKCS#12 file with two keys one is read, and nothing says that there is another.
#
# To be expected: RFC 7292 lets a file hold any number of keys, and keytool's usual store is such a
# file; who reads it gets them all, or is told that there are several.
# What happens: load_pkcs12 and load_key_and_certificates give the first key. The second one's
# certificate is among the "additional" ones, beside those of CAs, and its key is nowhere. Whoever
# destroys the file after the key was taken over has lost the other.
source "$(dirname "$(realpath "$0")")/common.sh"
need keytool default-jre-headless
need openssl openssl
python_with cryptography==50.0.2
with_version Java "$(keytool -J-version 2>&1 | head -n 1)"

for name in anna boris; do
    keytool -genkeypair -alias "$name" -dname "CN=$name" -keyalg EC -groupname secp256r1 \
        -validity 30 -keystore two.p12 -storetype PKCS12 -storepass secret >/dev/null 2>&1
done
cat >look.py <<'PYTHON'
from pathlib import Path

from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

loaded = load_pkcs12(Path("two.p12").read_bytes(), b"secret")
assert loaded.key is not None and loaded.cert is not None
assert loaded.cert.certificate.public_key() == loaded.key.public_key()
print("cryptography: key of", loaded.cert.certificate.subject.rfc4514_string())
print("cryptography: others:", *(each.certificate.subject.rfc4514_string() for each in loaded.additional_certs))
PYTHON
{
    echo "keys in the file: $(openssl pkcs12 -in two.p12 -passin pass:secret -nodes -nocerts |
        grep -c 'BEGIN PRIVATE KEY')"
    "$python" look.py
} >seen
expect seen <<'EOT'
keys in the file: 2
cryptography: key of CN=anna
cryptography: others: CN=boris
EOT
