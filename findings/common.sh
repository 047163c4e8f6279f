# What the findings share; sourced by each, never run.
#
# A finding ends with 0 if it is still so, with 1 if it is not, with 2 if it cannot be run here.
set -euo pipefail
export LC_ALL=C.UTF-8 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

finding=$(basename "$0" .sh)
folder=$(mktemp -d)
runs_here=yes
exec 3>&1 # still ours where a part of a finding writes into a file
trap leave EXIT
cd "$folder"
echo "$finding"

leave() {
    local status=$?
    rm -rf "$folder"
    [[ $runs_here == yes ]] || exit 2
    if [[ $status -eq 0 ]]; then
        echo "  still so" >&3
    else
        echo "  NO LONGER SO, or not as it was seen" >&3
        exit 1
    fi
}

cannot_run() {
    echo "  CANNOT RUN HERE: $*" >&3
    runs_here=no
    exit 2
}

# What it is seen with, such as `with_version softhsm2 2.6.1`.
with_version() { echo "  with $*"; }

package_version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo "of unknown version"; }

# need PROGRAM PACKAGE: a program of the system, and the Debian package that brings it.
need() {
    command -v "$1" >/dev/null || cannot_run "$1 is missing (Debian package $2)"
    with_version "$2" "$(package_version "$2")"
}

# need_file VARIABLE PACKAGE PATH...: the first of the paths that is there.
need_file() {
    local -n file=$1
    local package=$2 path
    shift 2
    for path in "$@"; do
        if [[ -e $path ]]; then
            file=$path
            with_version "$package" "$(package_version "$package")"
            return
        fi
    done
    cannot_run "${*: -1} is missing (Debian package $package)"
}

# only_python CONDITION: $PYTHON, a Python of which that is so, pyenv's included.
only_python() {
    local each
    for each in "${PYTHON:-python3}" python3.1{1..9} \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python; do
        if "$each" -c "import sys; sys.exit(not $1)" >/dev/null 2>&1; then
            PYTHON=$each
            return
        fi
    done
    cannot_run "there is no Python of which $1; name one in PYTHON"
}

# python_with NAME==VERSION...: $python, in an environment of its own that holds these packages.
python_with() {
    "${PYTHON:-python3}" -m venv environment >venv.log 2>&1 ||
        cannot_run "no environment can be made with ${PYTHON:-python3}: $(tail -n 1 venv.log)"
    python=$folder/environment/bin/python
    with_version Python "$("$python" -c 'import platform; print(platform.python_version())')"
    [[ $# -gt 0 ]] || return 0
    "$python" -m pip install --quiet "$@" >pip.log 2>&1 ||
        cannot_run "pip cannot install $*: $(grep -m 1 ERROR pip.log || tail -n 1 pip.log)"
    local package
    for package in "$@"; do with_version "${package%%==*}" "${package##*==}"; done
}

# qt NAME==VERSION...: $python with Qt, which draws into memory; no screen is needed.
qt() {
    local egl
    need_file egl libegl1 /usr/lib/libEGL.so.1 /usr/lib/*/libEGL.so.1
    python_with PySide6-Essentials==6.12.0 "$@"
    export QT_QPA_PLATFORM=offscreen
    "$python" -c 'import PySide6.QtWidgets' 2>qt.log || cannot_run "$(tail -n 1 qt.log)"
}

# A SoftHSM of the finding's own: $module, with the token "demo". User PIN 123456, SO PIN 12345678.
softhsm() {
    need softhsm2-util softhsm2
    module=$(compgen -G '/usr/lib/softhsm/libsofthsm2.so' ||
        compgen -G '/usr/lib/*/softhsm/libsofthsm2.so') ||
        cannot_run "libsofthsm2.so is missing (Debian package libsofthsm2)"
    mkdir tokens
    echo "directories.tokendir = $folder/tokens" >softhsm2.conf
    export SOFTHSM2_CONF=$folder/softhsm2.conf
    softhsm2-util --init-token --free --label demo --so-pin 12345678 --pin 123456 >/dev/null
}

# make_key ID LABEL: a P-256 key pair on the token.
make_key() {
    pkcs11-tool --module "$module" --token-label demo --login --pin 123456 \
        --keypairgen --key-type EC:prime256v1 --id "$1" --label "$2" >/dev/null 2>&1
}

# expect FILE: show what was seen, and compare it with what stands on standard input.
expect() {
    sed 's/^/  | /' "$1"
    diff - "$1" >difference || { sed 's/^/  /' difference && return 1; }
}
