#!/usr/bin/env bash
# cryptography: kdf_rounds() of a PKCS#12 file leaves its MAC at 2048 iterations.
#
# To be expected: kdf_rounds(600_000) is for all keys that are derived from the password.
# What happens: it is for those that encrypt key and certificate. The key of the file's MAC comes
# from the same password by 2048 rounds, OpenSSL's default too, but there is no option for it here.
source "$(dirname "$(realpath "$0")")/common.sh"
need openssl openssl
python_with cryptography==50.0.2

"$python" - <<'PYTHON'
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import PBES, serialize_key_and_certificates

encryption = (
    PrivateFormat.PKCS12.encryption_builder()
    .kdf_rounds(600_000)
    .key_cert_algorithm(PBES.PBESv2SHA256AndAES256CBC)
    .hmac_hash(SHA256())
    .build(b"secret")
)
key = ec.generate_private_key(ec.SECP256R1())
Path("key.p12").write_bytes(serialize_key_and_certificates(b"clerk", key, None, None, encryption))
PYTHON
openssl pkcs12 -in key.p12 -info -noout -passin pass:secret 2>&1 |
    grep -o '.*Iteration [0-9]*' >seen
expect seen <<'EOT'
MAC: sha256, Iteration 2048
Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 600000
EOT
