#!/usr/bin/env bash
# Lock every requirement by version and hash, for each system and Python from 3.11 on. What is
# locked already stays as it is; `tools/lock.sh --upgrade` takes the newest releases instead.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version "${python:-3.11}" --generate-hashes \
        --no-emit-package lockwright --annotation-style line --custom-compile-command "make lock" "$@"
}

clients=(core/pyproject.toml plugins/*/pyproject.toml)
desk=desk/pyproject.toml
compile "$@" --all-extras "${clients[@]}" $desk tests/kit/pyproject.toml requirements/dev.in \
    --output-file requirements/dev.txt
compile "$@" --all-extras "${clients[@]}" --constraints requirements/dev.txt \
    --output-file requirements/runtime.txt
compile "$@" --all-extras $desk --constraints requirements/dev.txt \
    --output-file requirements/desk.txt
python=3.12 compile "$@" requirements/sweep.in --output-file requirements/sweep.txt
compile "$@" requirements/fuzz.in --output-file requirements/fuzz.txt
compile "$@" requirements/site.in --output-file requirements/site.txt
compile "$@" requirements/app.in --constraints requirements/dev.txt \
    --output-file requirements/app.txt
for target in browser bundle check-wheels window; do
    compile "$@" requirements/$target.in --constraints requirements/dev.txt \
        --output-file requirements/$target.txt
done
