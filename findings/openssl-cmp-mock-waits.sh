#!/usr/bin/env bash
# OpenSSL: its CMP test server says "waiting" and then refuses to be asked again.
#
# To be expected: `openssl cmp -port` with -pkistatus 3 (waiting) answers the pollReq that RFC 9483,
# 4.4, has a client send next, as it does with -poll_count.
# What happens: the pollReq is an "unexpected pkibody" to it, so a client that polls as it should is
# told that its order is rejected. With -poll_count the same client gets its certificate.
source "$(dirname "$(realpath "$0")")/common.sh"
need openssl openssl

openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=CA -days 30 2>/dev/null
openssl req -new -newkey rsa:2048 -nodes -keyout me.key -out me.csr -subj /CN=me 2>/dev/null
openssl x509 -req -in me.csr -CA ca.pem -CAkey ca.key -out me.pem -days 5 2>/dev/null

# is_heard PORT: whether somebody listens there; the server names its port a moment before.
is_heard() { grep -qs ":$(printf %04X "$1") [0-9A-F:]* 0A" /proc/net/tcp /proc/net/tcp6; }

# order OPTION...: an order at a server with these options, in its main steps.
order() {
    local port=0 server
    openssl cmp -port 0 -srv_ref me -srv_secret pass:secret -rsp_cert me.pem "$@" >server.log 2>&1 &
    server=$!
    for _ in {1..50}; do
        port=$(sed -n 's/^ACCEPT .*:\([0-9]*\) PID.*/\1/p' server.log)
        [[ -n $port ]] && is_heard "$port" && break
        sleep 0.1
    done
    openssl cmp -server "127.0.0.1:$port" -cmd p10cr -csr me.csr -ref me -secret pass:secret \
        -certout got.pem -total_timeout 20 >client.log 2>&1 || true
    kill $server
    wait $server 2>/dev/null || true
    echo "$*"
    grep -o "sending [A-Z0-9]*\|received 'waiting'\|received [A-Z0-9]*$\|unexpected pkibody\"" client.log
}
{
    order -pkistatus 3
    order -poll_count 1 -check_after 0
} >seen
expect seen <<'EOT'
-pkistatus 3
sending P10CR
received CP
received 'waiting'
sending POLLREQ
received ERROR
unexpected pkibody"
-poll_count 1 -check_after 0
sending P10CR
received CP
received 'waiting'
sending POLLREQ
received CP
sending CERTCONF
received PKICONF
EOT
