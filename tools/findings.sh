#!/usr/bin/env bash
# Run the findings one after another, or those that are NAMED, and sum up. It needs no .venv.
# Ends with 1 if one is no longer so, else with 2 if one could not be run here.
set -euo pipefail
cd -P "$(dirname "$0")/../findings"

names=("$@")
if [[ ${#names[@]} -eq 0 ]]; then
    for script in *.sh; do
        [[ $script == common.sh ]] || names+=("${script%.sh}")
    done
fi

still=() changed=() unknown=()
for name in "${names[@]}"; do
    name=${name%.sh}
    status=0
    "./$name.sh" || status=$?
    case $status in
        0) still+=("$name") ;;
        2) unknown+=("$name") ;;
        *) changed+=("$name") ;;
    esac
done

sum() { echo "$1: $(($# - 1))${2:+ (${*:2})}"; }
echo
echo "still so: ${#still[@]}"
sum "no longer so" "${changed[@]}"
sum "could not be run here" "${unknown[@]}"
[[ ${#changed[@]} -eq 0 ]] || exit 1
[[ ${#unknown[@]} -eq 0 ]] || exit 2
