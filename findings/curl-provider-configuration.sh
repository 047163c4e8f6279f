#!/usr/bin/env bash
# curl: a key of OpenSSL's pkcs11-provider is looked for in another module than the configured one.
#
# To be expected: --key-type PROV uses the provider as OPENSSL_CONF sets it up, as OpenSSL's own
# programs do.
# What happens: curl loads the provider anew, without that file: it goes by PKCS11_PROVIDER_MODULE,
# or else by the module that it was built for, Debian's p11-kit-proxy. curl 8.16 reads the file
# (https://github.com/curl/curl/pull/17804). Here the file names a module that is not there, which
# OpenSSL's own program cannot do without; the environment goes before the file.
source "$(dirname "$(realpath "$0")")/common.sh"
need curl curl
need openssl openssl
need pkcs11-tool opensc
need_file provider pkcs11-provider /usr/lib/*/ossl-modules/pkcs11.so
softhsm
make_key 01 me

cat >openssl.cnf <<EOT
openssl_conf = start
[start]
providers = both
[both]
default = usual
pkcs11 = token
[usual]
activate = 1
[token]
activate = 1
pkcs11-module-path = $module
pkcs11-module-quirks = no-deinit
[req]
distinguished_name = name
[name]
EOT
key='pkcs11:token=demo;object=me;type=private?pin-value=123456'
OPENSSL_CONF=openssl.cnf openssl req -x509 -new -key "$key" -subj /CN=me -out me.pem 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.pem \
    -addext subjectAltName=DNS:localhost 2>/dev/null

visit() {
    local port=20443 server
    OPENSSL_CONF=/dev/null openssl s_server -accept $port -cert server.pem -key server.key -Verify 1 -www >server.log 2>&1 &
    server=$!
    until grep -qs ACCEPT server.log; do sleep 0.1; done
    curl -sS -o page --cacert server.pem --cert me.pem --key-type PROV --key "$key" \
        https://localhost:$port/ 2>&1 && echo connected
    kill $server
}
sign() { openssl dgst -sign "$key" -out signature me.pem >/dev/null 2>&1 && echo signed || echo not signed; }
{
    export OPENSSL_CONF=$folder/openssl.cnf
    echo "openssl, as the file says: $(sign)"
    sed -i 's#^pkcs11-module-path.*#pkcs11-module-path = /nowhere.so#' openssl.cnf
    echo "openssl, where the file is wrong: $(sign)"
    echo "curl, where the file is wrong: $(visit)"
    export PKCS11_PROVIDER_MODULE=/nowhere.so
    echo "curl, where the environment is wrong: $(visit | sed 's/: error:.*//')"
} >seen
expect seen <<'EOT'
openssl, as the file says: signed
openssl, where the file is wrong: not signed
curl, where the file is wrong: connected
curl, where the environment is wrong: curl: (58) Failed to open OpenSSL store
EOT
