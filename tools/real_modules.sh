#!/usr/bin/env bash
# The conformance suite on the real software modules that Debian 12 has beside SoftHSM: openCryptoki's
# soft token, tpm2-pkcs11 over a TPM of software, NSS softokn. ARGUMENTS go to pytest. What they found
# is written into the reference. TESTS=... runs others there, and writes nothing. openCryptoki's folders and its service are the system's, so all of it
# runs in a namespace of its own, with others in their place; that takes root.
set -euo pipefail
cd -P "$(dirname "$0")/.."

PACKAGES=(opencryptoki libtpm2-pkcs11-1 libtss2-tcti-swtpm0 swtpm)
FOLDERS=(/run/lock/opencryptoki /var/lib/opencryptoki)

missing() {
    local package
    for package in "${PACKAGES[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done
}

# In the namespace: openCryptoki has one slot, and nothing of the system's.
service() {
    mount --make-rprivate /
    mkdir "$work/etc"
    printf 'version opencryptoki-3.8\nslot 0\n{\nstdll = libpkcs11_sw.so\n}\n' >"$work/etc/opencryptoki.conf"
    cp -a /var/lib/opencryptoki "$work/var"
    mount --bind "$work/etc" /etc/opencryptoki
    mount --bind "$work/var" /var/lib/opencryptoki
    mount -t tmpfs tmpfs /dev/shm
    mount -t tmpfs tmpfs /run
    mkdir -p /run/lock/opencryptoki/swtok
    chgrp -R pkcs11 "${FOLDERS[@]}"
    chmod -R 770 "${FOLDERS[@]}"
    pkcsslotd
    until [ -S /run/pkcsslotd.socket ]; do sleep 0.1; done
}

if [ "${1:-}" = --inside ]; then
    work=$2
    service
    # shellcheck disable=SC2086  # TESTS may be several
    .venv/bin/python -m pytest -q -n0 --lockwright-report="$work/report.json" \
        ${TESTS:-tests/real/conformance_*.py tests/test_nss_softokn.py} "${@:3}"
    [ $# -gt 2 ] || [ -n "${TESTS:-}" ] || .venv/bin/python tools/conformance.py --real "$work/report.json"
    exit
fi

[ "$(id -u)" = 0 ] || {
    echo "real: this takes root, for a namespace in which openCryptoki's folders are others" >&2
    exit 1
}
mapfile -t wanted < <(missing)
if [ ${#wanted[@]} -gt 0 ]; then
    echo "real: installing system packages: ${wanted[*]}" >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${wanted[@]}" >/dev/null
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unshare --mount --ipc --pid --fork --mount-proc bash tools/real_modules.sh --inside "$work" "$@"
