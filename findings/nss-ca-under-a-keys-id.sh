#!/usr/bin/env bash
# NSS: a CA's certificate that carries the CKA_ID of a key passes for one whose key is there.
#
# To be expected: "u" says that the private key of a certificate is on the token, so of two
# certificates of one id only the key's own has it. PKCS#11 does not make CKA_ID unique, and
# programs that write a whole chain give all of it one id.
# What happens: certutil marks the CA's certificate "u", too.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
need pkcs11-tool opensc
need certutil libnss3-tools
need openssl openssl

tool() { pkcs11-tool --module "$module" --token-label demo --login --pin 123456 "$@" >/dev/null 2>&1; }
curve=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
openssl req -x509 "${curve[@]}" -keyout ca.key -subj /CN=CA -days 30 -out ca.pem 2>/dev/null
openssl req "${curve[@]}" -keyout key.pem -subj /CN=Clerk -out clerk.csr 2>/dev/null
openssl x509 -req -in clerk.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out clerk.pem 2>/dev/null
openssl pkey -in key.pem -outform DER -out key.der
openssl x509 -in clerk.pem -outform DER -out clerk.der
openssl x509 -in ca.pem -outform DER -out ca.der
tool --write-object key.der --type privkey --id 01 --label clerk
tool --write-object clerk.der --type cert --id 01 --label clerk
tool --write-object ca.der --type cert --id 01 --label ca

mkdir database
certutil -N -d sql:database --empty-password
modutil -dbdir sql:database -add token -libfile "$module" -force >/dev/null 2>&1
echo 123456 >pin
certutil -L -d sql:database -h demo -f pin 2>/dev/null |
    sed -n 's/^demo:\([a-z]*\) *\(.*[^ ]\) *$/\1 \2/p' | sort >seen
expect seen <<'EOT'
ca u,u,u
clerk u,u,u
EOT
