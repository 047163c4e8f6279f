#!/usr/bin/env bash
# Build the command line as a folder that runs without Python: build/app/lockwright. ARGUMENTS are
# the adapters that it gets, all of this workspace where there are none. With WINDOW=1 the folder is
# build/app/lockwright-window, which has the window as well. What it is built with has an environment
# of its own beside it. It runs on this system and newer ones of its kind.
set -euo pipefail
cd -P "$(dirname "$0")/.."

NAME=lockwright${WINDOW:+-window}
VENV=build/app-venv${WINDOW:+-window}
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
locked=(requirements/app.txt requirements/runtime.txt)
if [ -n "${WINDOW:-}" ]; then
    ours+=(./window)
    locked+=(requirements/window.txt)
fi

tools/setup.sh
if ! cat "${locked[@]}" | cmp -s - "$VENV/locked"; then
    echo "app: installing what it is built with and of" >&2
    .venv/bin/python -m venv --clear "$VENV"
    "$VENV/bin/python" -m pip install --quiet --require-hashes "${locked[@]/#/--requirement=}"
    cat "${locked[@]}" >"$VENV/locked"
fi
# Whatever is installed goes into the folder, so nothing may be left of another choice.
"$VENV/bin/python" -m pip list --format freeze | sed -n 's/^\(lockwright[^=]*\)==.*/\1/p' |
    xargs -r "$VENV/bin/python" -m pip uninstall --quiet --yes
"$VENV/bin/python" -m pip install --quiet --no-deps --no-build-isolation "${ours[@]}"

rm -rf "${OUT:?}/$NAME"
how=(--noconfirm --clean --log-level WARN --distpath "$OUT" --workpath "$WORK")
if [ -n "${WINDOW:-}" ]; then
    what=(tools/app/folder.spec)
else
    # Nobody asks for it, and it brings a library under the GPL.
    what=(--name "$NAME" --specpath "$WORK" tools/app/main.py)
    unasked=$("$VENV/bin/python" -P tools/app/asked_for.py "${locked[@]:1}")
    for each in readline $unasked; do what+=(--exclude-module "$each"); done
fi
"$VENV/bin/python" -P -m PyInstaller "${how[@]}" "${what[@]}"
PYTHONPATH=tools "$VENV/bin/python" -P tools/app/licences.py "$OUT/$NAME" "${locked[@]:1}"
# What wheels of ours bring for man and desktops.
(cd "$VENV" && find share -name 'lockwright*' -type f -exec cp --parents -t "../../$OUT/$NAME" {} +)
echo "app: $(du -sm "$OUT/$NAME" | cut -f1) MB in $OUT/$NAME, with ${adapters[*]}" >&2
