#!/usr/bin/env bash
# NSS: a second certificate of the same person gets the nickname of the first.
#
# To be expected: pk12util imports each file under the friendly name that stands in it, and a
# nickname tells two certificates apart.
# What happens: a subject has one nickname. A renewed certificate that comes as "card 2027" is
# shown as "card 2026" like the old one, its own name finds nothing, and deleting "card 2026"
# deletes one of the two.
source "$(dirname "$(realpath "$0")")/common.sh"
need certutil libnss3-tools
need openssl openssl

database() { certutil "$@" -d sql:database; }
nicknames() { database -L | sed -n 's/ *u,u,u$//p' | sort | uniq -c | sed 's/^ *//; s/ / x /'; }
shown() { { database -L -n "$1" 2>/dev/null || true; } | grep -c 'Serial Number' || true; }
mkdir database
database -N --empty-password
for year in 2026 2027; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem \
        -subj '/O=Bank/CN=Clerk' -days 30 -out certificate.pem 2>/dev/null
    openssl pkcs12 -export -inkey key.pem -in certificate.pem -name "card $year" \
        -passout pass:secret -out $year.p12
    pk12util -i $year.p12 -d sql:database -W secret -K '' >/dev/null
done
{
    echo "there are: $(nicknames)"
    echo "found as card 2027: $(shown 'card 2027')"
    echo "found as card 2026: $(shown 'card 2026')"
    database -D -n 'card 2026'
    echo "after card 2026 was deleted: $(nicknames)"
} >seen
expect seen <<'EOT'
there are: 2 x card 2026
found as card 2027: 0
found as card 2026: 2
after card 2026 was deleted: 1 x card 2026
EOT
