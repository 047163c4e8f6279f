#!/usr/bin/env bash
# asn1crypto: of a GOST certificate, the second look sees less than is there, without an error.
#
# To be expected: a value of an unknown algorithm is refused each time, or shown as it is.
# What happens: the first .native raises KeyError for the algorithm of the key. Whatever was worked
# out until then is kept as if it were all: the next .native of the same object raises nothing and
# leaves the public key out, and of the whole certificate it shows nothing at all.
source "$(dirname "$(realpath "$0")")/common.sh"
need certtool gnutls-bin
python_with asn1crypto==1.5.1

certtool --generate-privkey --key-type gost12-256 --outfile key.pem >certtool.log 2>&1 ||
    cannot_run "this certtool makes no GOST keys"
printf 'cn = Clerk\nexpiration_days = 30\nserial = 1\n' >template
certtool --generate-self-signed --load-privkey key.pem --template template \
    --outfile certificate.pem >certtool.log 2>&1

"$python" - >seen <<'PYTHON'
from pathlib import Path

from asn1crypto import pem, x509

der = pem.unarmor(Path("certificate.pem").read_bytes())[2]


def look(at):
    try:
        return f"shows {list(at.native) or 'nothing'}"
    except KeyError as error:
        return f"KeyError: {error}"


for what in ("certificate.public_key", "certificate"):
    certificate = x509.Certificate.load(der)
    at = certificate.public_key if what.endswith("key") else certificate
    print(f"{what}, first look: {look(at)}")
    print(f"{what}, second look: {look(at)}")
PYTHON
expect seen <<'EOT'
certificate.public_key, first look: KeyError: '1.2.643.7.1.1.1.1'
certificate.public_key, second look: shows ['algorithm']
certificate, first look: KeyError: '1.2.643.7.1.1.1.1'
certificate, second look: shows nothing
EOT
