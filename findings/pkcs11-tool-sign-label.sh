#!/usr/bin/env bash
# pkcs11-tool: --sign takes --label without complaint, and signs with another key.
#
# To be expected: --label names the key that signs, as it names the object to read or delete; a
# label that no key has is an error.
# What happens: --sign does not look at --label. The first key that is found signs, and the exit
# code is 0, also for a label that is not on the token. --id is honoured.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
need pkcs11-tool opensc
need openssl openssl
make_key 01 first
make_key 02 second

tool() { pkcs11-tool --module "$module" --token-label demo "$@" 2>/dev/null; }
head -c 32 /dev/urandom >digest
for id in 01 02; do tool --read-object --type pubkey --id $id --output-file $id.der; done

# The key that signs with these options.
signer() {
    tool --login --pin 123456 --sign --mechanism ECDSA --signature-format openssl \
        --input-file digest --output-file signature "$@" >/dev/null || { echo none && return; }
    for id in 01 02; do
        ! openssl pkeyutl -verify -pubin -keyform DER -inkey $id.der -in digest \
            -sigfile signature >/dev/null || echo "the key $id"
    done
}
# Which key a token shows first is the token's affair, so two labels are compared.
any=$(signer --label first)
for label in second nobody; do
    if [[ $(signer --label $label) == "$any" ]]; then which=same; else which=other; fi
    echo "--label $label: the $which key as with --label first"
done >seen
for id in 01 02 03; do echo "--id $id: $(signer --id $id)"; done >>seen
expect seen <<'EOT'
--label second: the same key as with --label first
--label nobody: the same key as with --label first
--id 01: the key 01
--id 02: the key 02
--id 03: none
EOT
