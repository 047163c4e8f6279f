#!/usr/bin/env bash
# OpenSSL: base64 in one long line is read as nothing, or as the last of it, without an error.
#
# To be expected: a decoder of base64 reads lines and a single line, or says that it cannot;
# RFC 8951 leaves an EST server free to send either.
# What happens: `openssl base64 -d`, which is BIO_f_base64, wants lines. A line of 1024 characters
# or more is skipped up to there, one without a line end is read as nothing. With -A it wants one
# line, and reads lines as nothing. The exit code is 0 each time. OpenSSL 3.5.9 reads lines with -A.
source "$(dirname "$(realpath "$0")")/common.sh"
need openssl openssl

head -c 700 /dev/zero >short
head -c 1200 /dev/zero >long
for what in short long; do
    openssl base64 -A -in $what -out $what.line
    sed '$a\' $what.line >$what.ended
    openssl base64 -in $what -out $what.lines
done

read_as() {
    local status=0
    openssl base64 -d "$@" >got || status=$?
    echo "$(stat -c %s got) bytes, exit code $status"
}
for form in short.lines short.line short.ended long.lines long.line long.ended; do
    echo "$form: $(read_as -in $form); with -A: $(read_as -A -in $form)"
done >seen
expect seen <<'EOT'
short.lines: 700 bytes, exit code 0; with -A: 0 bytes, exit code 0
short.line: 0 bytes, exit code 0; with -A: 700 bytes, exit code 0
short.ended: 700 bytes, exit code 0; with -A: 700 bytes, exit code 0
long.lines: 1200 bytes, exit code 0; with -A: 0 bytes, exit code 0
long.line: 0 bytes, exit code 0; with -A: 1200 bytes, exit code 0
long.ended: 432 bytes, exit code 0; with -A: 1200 bytes, exit code 0
EOT
