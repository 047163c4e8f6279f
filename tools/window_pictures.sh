#!/usr/bin/env bash
# Take every picture of the window that docs/ has anew, each looked at by the check that takes it.
# They are put where the pages look for them; look at each before you commit it.
set -euo pipefail
cd -P "$(dirname "$0")/.."

KEPT=docs/pictures/window
export PICTURES=$PWD/build/pictures
rm -rf "$PICTURES"
mkdir -p "$PICTURES"
RUN=".venv/bin/python -m pytest -q -n0 window/tests/check_new_pin_pictures.py
    window/tests/check_clean_pictures.py window/tests/check_enrol_document.py
    window/tests/check_enrol_pictures.py" tools/window.sh "$@"
for each in "$KEPT"/*.png; do
    cp "$PICTURES/$(basename "$each")" "$each"
done
