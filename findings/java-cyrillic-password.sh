#!/usr/bin/env bash
# Java: a PKCS#12 file with a password in Cyrillic has "a wrong password".
#
# To be expected: RFC 7292 takes passwords in Unicode, and a right one opens the file everywhere.
# What happens: OpenSSL, NSS and GnuTLS open it. Java says "keystore password was incorrect", since
# its PBE takes ASCII alone, as the cause of the exception says, which nobody is shown.
source "$(dirname "$(realpath "$0")")/common.sh"
need keytool default-jre-headless
need openssl openssl
need pk12util libnss3-tools
need certtool gnutls-bin

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem \
    -subj /CN=Clerk -days 30 -out certificate.pem 2>/dev/null
opens() { if "$@" >/dev/null 2>&1; then echo opens it; else echo fails; fi; }
with_version Java "$(keytool -J-version 2>&1 | head -n 1)"
java() {
    keytool -v -list -keystore file.p12 -storetype PKCS12 -storepass "$1" 2>&1 |
        grep -o -e PrivateKeyEntry -e 'keystore password was .*' -e 'Password is .*' |
        awk '!already[$0]++' | paste -s -d ';'
}
for password in secret секрет; do
    openssl pkcs12 -export -inkey key.pem -in certificate.pem -name clerk -out file.p12 \
        -passout "pass:$password"
    echo "$password: OpenSSL $(opens openssl pkcs12 -in file.p12 -noout -passin "pass:$password")"
    echo "$password: NSS $(opens pk12util -l file.p12 -W "$password")"
    echo "$password: GnuTLS $(opens certtool --p12-info --inder --infile file.p12 \
        --password "$password")"
    echo "$password: Java: $(java "$password")"
done >seen
expect seen <<'EOT'
secret: OpenSSL opens it
secret: NSS opens it
secret: GnuTLS opens it
secret: Java: PrivateKeyEntry
секрет: OpenSSL opens it
секрет: NSS opens it
секрет: GnuTLS opens it
секрет: Java: keystore password was incorrect;Password is not ASCII
EOT
