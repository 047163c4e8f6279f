#!/usr/bin/env bash
# Drive the help desk's pages in Debian's Chromium, as the people at it do. ARGUMENTS go to pytest;
# CHECKS names other files than those of `make browser`.
set -euo pipefail
cd -P "$(dirname "$0")/.."

HERE=build/browser
LOCKED=requirements/browser.txt
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

tools/setup.sh chromium npm
command -v chromedriver >/dev/null || tools/setup.sh chromium-driver
if ! cmp -s "$LOCKED" "$HERE/locked"; then
    echo "browser: installing what drives it" >&2
    rm -rf "$HERE"
    .venv/bin/python -m pip install --quiet --require-hashes --no-deps --target "$HERE/packages" \
        --requirement "$LOCKED"
    cp "$LOCKED" "$HERE/locked"
fi
if ! cmp -s desk/tests/browser/package-lock.json "$HERE/package-lock.json"; then
    cp desk/tests/browser/package*.json "$HERE"
    npm ci --silent --ignore-scripts --no-audit --no-fund --prefix "$HERE"
fi

PYTHONPATH=$HERE/packages:desk/tests/browser/support \
    .venv/bin/python -m pytest -q -n0 ${CHECKS:-desk/tests/browser/check_*.py} "$@"
