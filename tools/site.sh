#!/usr/bin/env bash
# Build the documentation as a site in build/site, with an environment of its own in build/site-venv.
set -euo pipefail
cd -P "$(dirname "$0")/.."

VENV=build/site-venv
LOCKED=requirements/site.txt
SITE=build/site
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

tools/setup.sh
if ! cmp -s "$LOCKED" "$VENV/locked"; then
    echo "site: installing what it is built with" >&2
    .venv/bin/python -m venv --clear "$VENV"
    "$VENV/bin/python" -m pip install --quiet --require-hashes --requirement "$LOCKED"
    cp "$LOCKED" "$VENV/locked"
fi

rm -rf "$SITE" build/site-trees # what is in the menu depends on every page
"$VENV/bin/python" -m sphinx -b html -n -W --keep-going -q -d build/site-trees -c docs/site . "$SITE"
cp docs/site/first.html "$SITE/index.html"
rm -rf "$SITE/.doctrees" "$SITE/.buildinfo" "$SITE/objects.inv"
"$VENV/bin/python" tools/site_links.py "$SITE"
echo "site: open $SITE/index.html" >&2
