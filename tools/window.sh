#!/usr/bin/env bash
# Check the types of the client's window, and drive it in a screen of its own, by its keys and its mouse. ARGUMENTS go to pytest;
# CHECKS names other files than those of `make window`; ONLY=setup installs what that needs, and
# RUN="program ..." runs that in the environment of the window instead of pytest.
set -euo pipefail
cd -P "$(dirname "$0")/.."

# Containers often set it, and then each start would compile our sources again.
unset PYTHONDONTWRITEBYTECODE

HERE=build/window
LOCKED=requirements/window.txt
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

# Qt looks for these by itself, and says little where one is missing.
LIBRARIES=(libegl1 libgl1 libfontconfig1 libfreetype6 libglib2.0-0 libdbus-1-3 libxkbcommon0
    libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-render-util0 libxcb-shape0
    libxcb-randr0 libxcb-xkb1 libxkbcommon-x11-0 fonts-dejavu-core)
# A screen, a window manager, who presses keys, who takes pictures, and who reads aloud.
# The last three check what a desktop shows of it.
BENCH=(xvfb openbox xdotool imagemagick x11-xkb-utils dbus at-spi2-core python3-pyatspi xclip
    desktop-file-utils librsvg2-bin appstream)
missing=()
if command -v dpkg-query >/dev/null; then
    for each in "${LIBRARIES[@]}" "${BENCH[@]}"; do
        dpkg-query -W -f '${Status}' "$each" 2>/dev/null | grep -q 'ok installed' || missing+=("$each")
    done
fi
tools/setup.sh
if [ ${#missing[@]} != 0 ]; then
    [ -z "${NO_APT:-}" ] || {
        echo "window: system packages are missing: ${missing[*]}" >&2
        exit 1
    }
    as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
    echo "window: installing system packages: ${missing[*]}" >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
        "${missing[@]}" >/dev/null
fi
if ! cmp -s "$LOCKED" "$HERE/locked"; then
    echo "window: installing Qt" >&2
    rm -rf "$HERE/packages"
    .venv/bin/python -m pip install --quiet --require-hashes --no-deps --target "$HERE/packages" \
        --requirement "$LOCKED"
    cp "$LOCKED" "$HERE/locked"
fi
[ "${ONLY:-}" != setup ] || exit 0

export PYTHONPATH=$PWD/$HERE/packages:$PWD/window/src:$PWD/window/tests/support
if [ -n "${RUN:-}" ]; then exec $RUN "$@"; fi
.venv/bin/mypy window
.venv/bin/python -m pytest -q -n0 ${CHECKS:-window/tests/check_*.py} "$@"
