#!/usr/bin/env bash
# Run tests in a Debian 13 of their own, for what Debian 12 does not have: OpenSSL's
# pkcs11-provider, curl 8.14, strongSwan 6. By hand, as root, where mmdebstrap is; no part of
# `make test`. ARGUMENTS are pytest's; without any, those tests are run that see a difference.
# The system is kept in a folder of its own; remove it to have a new one.
set -euo pipefail
cd -P "$(dirname "$0")/.."

ROOT=/var/tmp/lockwright-debian13
USUAL=(desk/tests/test_strongswan.py desk/tests/test_peers.py tests/desk/test_tiers.py
    tests/desk/test_certificate_in_use.py)

make_root() {
    local packages=ca-certificates,curl,pkcs11-provider,procps,python3-venv,strongswan-pki
    mmdebstrap --variant=minbase --include="$packages" trixie "$ROOT.new"
    mv "$ROOT.new" "$ROOT"
}

# What programs in there need to reach the network as those out here do.
bring() {
    local file
    for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
        [ ! -e "$file" ] || cp -L "$file" "$ROOT$file"
    done
    mkdir -p "$ROOT/checkout"
    git ls-files -z | tar -c --null -T - | tar -x -C "$ROOT/checkout"
}

[ -d "$ROOT" ] || make_root
bring
[ $# -gt 0 ] || set -- "${USUAL[@]}"
# The mounts are this command's own, and gone with it.
exec unshare --mount --propagation private -- bash -euc '
    mount -t proc proc "$0/proc"
    mount --rbind /dev "$0/dev"
    exec chroot "$0" env LC_ALL=C.UTF-8 HOME=/root bash -euc "
        cd /checkout
        tools/setup.sh
        exec .venv/bin/python -m pytest -q -n0 \"\$@\"
    " tests "$@"
' "$ROOT" "$@"
