#!/usr/bin/env bash
# Build the command line as a folder that runs without Python: build/app/lockwright. ARGUMENTS are
# the adapters that it gets, all of this workspace where there are none. What it is built with has an
# environment of its own in build/app-venv. It runs on this system and newer ones of its kind.
set -euo pipefail
cd -P "$(dirname "$0")/.."

VENV=build/app-venv
OUT=build/app
WORK=build/app-work
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

adapters=("$@")
[ $# -gt 0 ] || mapfile -t adapters < <(cd plugins && ls)
ours=(./core)
for each in "${adapters[@]}"; do
    [ -e "plugins/$each/pyproject.toml" ] || {
        echo "app: there is no adapter $each here; there are: $(ls plugins | xargs)" >&2
        exit 1
    }
    ours+=("./plugins/$each")
done

tools/setup.sh
locked=(requirements/app.txt requirements/runtime.txt)
if ! cat "${locked[@]}" | cmp -s - "$VENV/locked"; then
    echo "app: installing what it is built with and of" >&2
    .venv/bin/python -m venv --clear "$VENV"
    "$VENV/bin/python" -m pip install --quiet --require-hashes \
        --requirement "${locked[0]}" --requirement "${locked[1]}"
    cat "${locked[@]}" >"$VENV/locked"
fi
# Whatever is installed goes into the folder, so nothing may be left of another choice.
"$VENV/bin/python" -m pip list --format freeze | sed -n 's/^\(lockwright[^=]*\)==.*/\1/p' |
    xargs -r "$VENV/bin/python" -m pip uninstall --quiet --yes
"$VENV/bin/python" -m pip install --quiet --no-deps --no-build-isolation "${ours[@]}"

rm -rf "${OUT:?}/lockwright"
"$VENV/bin/python" -P -m PyInstaller --noconfirm --clean --log-level WARN --name lockwright \
    --distpath "$OUT" --workpath "$WORK" --specpath "$WORK" tools/app/main.py
echo "app: $(du -sm "$OUT/lockwright" | cut -f1) MB in $OUT/lockwright, with ${adapters[*]}" >&2
