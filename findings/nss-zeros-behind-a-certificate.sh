#!/usr/bin/env bash
# NSS: a certificate with zeros behind its DER is not listed, and nothing says so.
#
# To be expected: the certificate is listed, as pkcs11-tool does, or named as one that cannot be
# read. Cards with files of a fixed length keep the zeros, and CKA_VALUE brings them along.
# What happens: certutil leaves it out, and ends well.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
need pkcs11-tool opensc
need certutil libnss3-tools
need openssl openssl

tool() { pkcs11-tool --module "$module" --token-label demo --login --pin 123456 "$@"; }
for name in exact padded; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem \
        -subj /CN=$name -days 30 -outform DER -out $name.der 2>/dev/null
done
truncate --size 1024 padded.der
for name in exact padded; do
    tool --write-object $name.der --type cert --id 0${#name} --label $name >/dev/null 2>&1
done
mkdir database
certutil -N -d sql:database --empty-password
modutil -dbdir sql:database -add token -libfile "$module" -force >/dev/null 2>&1
echo 123456 >pin
{
    tool --list-objects --type cert 2>/dev/null | sed -n 's/^  label: */pkcs11-tool: /p' | sort
    certutil -L -d sql:database -h demo -f pin 2>/dev/null | sed -n 's/^demo:\([a-z]*\) .*/certutil: \1/p' | sort
    echo "certutil ends with ${PIPESTATUS[0]}"
} >seen
expect seen <<'EOT'
pkcs11-tool: exact
pkcs11-tool: padded
certutil: exact
certutil ends with 0
EOT
