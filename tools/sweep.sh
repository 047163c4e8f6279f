#!/usr/bin/env bash
# What takes too long for every run: the sweeps over the simulator, the kill test, fuzzing. ARGUMENTS go to pytest.
# pkcs11-check wants Python 3.12, which lockwright does not, so it gets an environment of its own;
# PYTHON312=... names its Python if none is found.
set -euo pipefail
cd -P "$(dirname "$0")/.."

# Outside the tree: its pytest would take our pyproject.toml for its own.
VENV=${XDG_CACHE_HOME:-$HOME/.cache}/lockwright-testkit/pkcs11-check
LOCKED=requirements/sweep.txt
FUZZ=requirements/fuzz.txt
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; }

# The first Python that is new enough, pyenv's included.
find_python() {
    local python
    for python in ${PYTHON312:-python3 python3.14 python3.13 python3.12 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python}; do
        if new_enough "$python"; then
            echo "$python"
            return
        fi
    done
    echo "sweep: pkcs11-check needs Python 3.12 or newer; name one in PYTHON312" >&2
    return 1
}

# Ubuntu has Chromium as a snap only, which sees no home of a test's own.
chromium=(chromium)
! grep -qs '^ID=ubuntu' /etc/os-release || chromium=()
tools/setup.sh valgrind "${chromium[@]}"
if ! cmp -s "$LOCKED" "$VENV/locked"; then
    python=$(find_python)
    echo "sweep: installing pkcs11-check with $python" >&2
    "$python" -m venv --clear "$VENV"
    "$VENV/bin/python" -m pip install --quiet --require-hashes --requirement "$LOCKED"
    cp "$LOCKED" "$VENV/locked"
fi
# Beside .venv and not in it: tests run without a fuzzer, and it is as large as all the rest.
ATHERIS=${XDG_CACHE_HOME:-$HOME/.cache}/lockwright-testkit/atheris-$(.venv/bin/python -c \
    'import sys; print("%d.%d" % sys.version_info[:2])')
if ! cmp -s "$FUZZ" "$ATHERIS/locked"; then
    echo "sweep: installing atheris" >&2
    rm -rf "$ATHERIS"
    .venv/bin/python -m pip install --quiet --require-hashes --requirement "$FUZZ" --target "$ATHERIS"
    cp "$FUZZ" "$ATHERIS/locked"
fi
export ATHERIS
PKCS11_CHECK=$VENV/bin/pkcs11-check exec .venv/bin/python -m pytest -q -s \
    tests/kit/sweeps/sweep_*.py tests/sweeps/sweep_*.py core/tests/host/sweep_*.py "$@"
