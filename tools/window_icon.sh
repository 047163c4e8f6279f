#!/usr/bin/env bash
# Draw the window's icon anew from its SVG, with rsvg-convert of librsvg: a PNG for each size that a
# desktop asks for (Icon Theme Specification of freedesktop.org).
set -euo pipefail
cd -P "$(dirname "$0")/.."

PICTURES=window/src/lockwright_window/pictures
for size in 16 24 32 48 64 128 256; do
    rsvg-convert --width $size --height $size --output "$PICTURES/lockwright-window-$size.png" \
        "$PICTURES/lockwright-window.svg"
done
