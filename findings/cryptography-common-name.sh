#!/usr/bin/env bash
# cryptography: a common name of 40 Russian letters is too long, since it counts bytes.
#
# To be expected: RFC 5280 (appendix A.1) bounds a common name at 64 characters, and says that the
# bound is not one of octets; so one of 40 letters can be written in any alphabet.
# What happens: the bound is put to the UTF-8 bytes: 32 Cyrillic letters, 21 Chinese ones. A longer
# name is refused when it is written, and only warned of when it is read; OpenSSL writes it.
source "$(dirname "$(realpath "$0")")/common.sh"
need openssl openssl
python_with cryptography==50.0.2

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -utf8 \
    -subj '/CN=Общество с ограниченной ответственностью' -days 30 -out long.pem 2>/dev/null
"$python" - >seen <<'PYTHON'
import warnings
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

for text in ("x" * 64, "я" * 32, "Общество с ограниченной ответственностью"):
    try:
        x509.NameAttribute(NameOID.COMMON_NAME, text)
        outcome = "written"
    except ValueError as error:
        outcome = f"ValueError: {error}"
    print(f"{len(text)} characters, {len(text.encode())} bytes: {outcome}")
with warnings.catch_warnings(record=True) as warned:
    warnings.simplefilter("always")
    certificate = x509.load_pem_x509_certificate(Path("long.pem").read_bytes())
    (name,) = certificate.subject
(warning,) = {str(each.message) for each in warned}
print(f"{len(name.value)} characters, by OpenSSL: read, UserWarning: {warning}")
PYTHON
expect seen <<'EOT'
64 characters, 64 bytes: written
32 characters, 64 bytes: written
40 characters, 77 bytes: ValueError: Attribute's length must be >= 1 and <= 64, but it was 77
40 characters, by OpenSSL: read, UserWarning: Attribute's length must be >= 1 and <= 64, but it was 77
EOT
