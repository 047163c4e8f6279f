#!/usr/bin/env bash
# Make .venv ready for `make demo`, `make test` and the rest: system packages, a Python, the locked
# requirements, and the distributions of this workspace, editable. A second run finds a stamp and
# returns at once; a .venv that is stale or half made is put right. ARGUMENTS are further programs
# that must be there, each a system package of that name. What apt and pip say goes to a log.
set -euo pipefail
cd -P "$(dirname "$0")/.."

VENV=.venv
STAMP=$VENV/.set-up
LOG=build/set-up.log
OLDEST=11 # of Python 3
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

say() { printf 'set-up: %s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# Run a command, with what it says in the log; if it fails, the end of that is shown.
logged() {
    local before
    mkdir -p "${LOG%/*}"
    printf '\n$ %s\n' "$*" >>$LOG
    before=$(wc -l <$LOG)
    "$@" >>$LOG 2>&1 </dev/null && return
    tail -n "+$((before + 1))" $LOG | tail -n 20 >&2
    say "the whole of it is in $LOG"
    return 1
}

# Run a program as root, where the caller may without being asked for a password.
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get "$@"; }

# NO_APT=1 leaves the system alone: what is missing is only named.
may_install() {
    [ -z "${NO_APT:-}" ] && command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || { command -v sudo && sudo -n true; } >/dev/null 2>&1
}

# Install system packages, or name them and stop.
need() {
    local command="apt-get install --no-install-recommends $*"
    if may_install; then
        say "installing system packages: $* (log: $LOG)"
        logged apt update -qq || say "apt-get update failed; trying with the lists that are here"
        logged apt install -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@" && return
        fail "apt-get could not install: $*"
    fi
    fail "system packages are missing: $*" $'\n'"install them and run make again:  sudo $command"
}

softhsm_is_here() {
    local place
    for place in /usr/lib/softhsm /usr/lib/*/softhsm /usr/lib64/pkcs11 \
        /opt/homebrew/lib/softhsm /usr/local/lib/softhsm; do
        [ ! -e "$place/libsofthsm2.so" ] || return 0
    done
    return 1
}

spy_is_here() { compgen -G '/usr/lib*/*pkcs11-spy.so' || compgen -G '/usr/lib*/*/*pkcs11-spy.so'; }

postgresql_is_here() { compgen -G '/usr/lib/postgresql/*/bin/initdb'; }

# Its folder is in the path of root alone.
nginx_is_here() { command -v nginx || [ -x /usr/sbin/nginx ]; }

# Debian's package makes a service of nginx; what is wanted here is the program alone.
only_the_program() {
    [ ! -d /run/systemd/system ] || as_root systemctl --quiet disable --now "$1"
}

engine_is_here() {
    compgen -G '/usr/lib*/engines-3/pkcs11.so' || compgen -G '/usr/lib*/*/engines-3/pkcs11.so'
}

strongswan_knows_ec() { compgen -G '/usr/lib/ipsec/plugins/libstrongswan-openssl.so'; }

system_packages() {
    local missing=() program
    softhsm_is_here || missing+=(softhsm2)
    command -v pkcs11-tool >/dev/null || missing+=(opensc)
    spy_is_here >/dev/null || missing+=(opensc-pkcs11)
    command -v p11tool >/dev/null || missing+=(gnutls-bin)
    command -v keytool >/dev/null || missing+=(default-jre-headless)
    command -v openssl >/dev/null || missing+=(openssl)
    command -v curl >/dev/null || missing+=(curl)
    command -v pk12util >/dev/null || missing+=(libnss3-tools)
    command -v pki >/dev/null || missing+=(strongswan-pki)
    strongswan_knows_ec >/dev/null || missing+=(libstrongswan-standard-plugins)
    engine_is_here >/dev/null || missing+=(libengine-pkcs11-openssl)
    command -v setfacl >/dev/null || [ "$(uname)" != Linux ] || missing+=(acl)
    command -v tinyproxy >/dev/null || missing+=(tinyproxy-bin)
    nginx_is_here >/dev/null || missing+=(nginx)
    postgresql_is_here >/dev/null || missing+=(postgresql)
    command -v "${CC:-cc}" >/dev/null || missing+=(gcc)
    [ -e /usr/include/stdio.h ] || [ "$(uname)" != Linux ] || missing+=(libc6-dev)
    for program in "$@"; do command -v "$program" >/dev/null || missing+=("$program"); done
    [ ${#missing[@]} = 0 ] || need "${missing[@]}"
    [[ " ${missing[*]} " != *" nginx "* ]] || only_the_program nginx
}

new_enough() {
    "$1" -c "import sys; sys.exit(sys.version_info < (3, $OLDEST))" >/dev/null 2>&1
}

has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# The first Python that is new enough, one that can make a venv before one that cannot yet;
# PYTHON=... chooses another.
find_python() {
    local python fits
    for fits in has_venv true; do
        for python in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
            if new_enough "$python" && $fits "$python"; then
                command -v "$python"
                return
            fi
        done
    done
    return 1
}

python_or_install() {
    local python
    if python=$(find_python); then
        echo "$python"
        return
    fi
    [ -z "${PYTHON:-}" ] || fail "PYTHON=$PYTHON is no Python 3.$OLDEST or newer"
    say "no Python 3.$OLDEST or newer here; Ubuntu 22.04 has python3.11 in its component universe"
    need "python3.$OLDEST" "python3.$OLDEST-venv"
    find_python
}

# A .venv that was made elsewhere and moved here names its old place in every script.
healthy() {
    new_enough $VENV/bin/python && $VENV/bin/python -m pip --version &&
        grep -qF "$PWD/$VENV" $VENV/bin/activate
}

make_venv() {
    local python
    ! healthy >/dev/null 2>&1 || return 0
    python=$(python_or_install)
    if ! has_venv "$python"; then
        need "$("$python" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))')"
    fi
    say "making $VENV with $python"
    logged "$python" -m venv --clear $VENV
}

members() { ls -d core desk plugins/*/ tests/kit; }

# What the stamp stands for: everything that set-up reads, and where it was done.
fingerprint() {
    {
        pwd
        cat tools/setup.sh requirements/dev.txt pyproject.toml core/pyproject.toml \
            desk/pyproject.toml plugins/*/pyproject.toml tests/kit/pyproject.toml
    } | cksum
}

python_packages() {
    local editable=() member
    for member in $(members); do editable+=(--editable "./${member%/}"); done
    say "installing the locked requirements (log: $LOG)"
    logged $VENV/bin/python -m pip install --require-hashes --requirement requirements/dev.txt
    logged $VENV/bin/python -m pip install --no-deps --no-build-isolation "${editable[@]}"
}

system_packages "$@"
now=$(fingerprint)
if [ -x $VENV/bin/python ] && [ "$(cat $STAMP 2>/dev/null)" = "$now" ]; then exit 0; fi
rm -f $STAMP
make_venv
python_packages
echo "$now" >$STAMP
say "done"
