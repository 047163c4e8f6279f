#!/usr/bin/env bash
# Python's http.client: an interim answer is taken for the answer, and the answer is lost.
#
# To be expected: a client passes over interim answers (1xx; RFC 9110, 15.2), as curl does, and
# "must be able to parse one or more 1xx responses received prior to a final response".
# What happens: http.client passes over 100 alone. Of 102 Processing and 103 Early Hints it makes
# the answer, with an empty body; so does urllib3, which stands on it, and with it requests.
source "$(dirname "$(realpath "$0")")/common.sh"
need curl curl
python_with urllib3==2.8.0

"$python" - >seen <<'PYTHON'
import http.client
import socket
import subprocess
import threading

import urllib3

FINAL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def serve(listener, interim):
    client, _ = listener.accept()
    with client:
        client.recv(65536)
        client.sendall(b"HTTP/1.1 %s\r\n\r\n" % interim + FINAL)
        client.recv(65536)


def by_http_client(port):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/")
    answer = connection.getresponse()
    said = answer.status, answer.read().decode()
    connection.close()
    return said


def by_urllib3(port):
    with urllib3.PoolManager() as pool:
        answer = pool.request("GET", f"http://127.0.0.1:{port}/", retries=False)
        return answer.status, answer.data.decode()


def by_curl(port):
    command = ["curl", "--silent", "--noproxy", "*", "--write-out", " %{http_code}"]
    done = subprocess.run([*command, f"http://127.0.0.1:{port}/"], capture_output=True, text=True)
    body, status = done.stdout.split(" ")
    return int(status), body


for interim in (b"100 Continue", b"102 Processing", b"103 Early Hints"):
    for client in (by_curl, by_http_client, by_urllib3):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=serve, args=(listener, interim), daemon=True)
            thread.start()
            status, body = client(listener.getsockname()[1])
            thread.join()
        print(f"{interim.decode()}, {client.__name__}: {status} {body or 'nothing'}")
PYTHON
expect seen <<'EOT'
100 Continue, by_curl: 200 ok
100 Continue, by_http_client: 200 ok
100 Continue, by_urllib3: 200 ok
102 Processing, by_curl: 200 ok
102 Processing, by_http_client: 102 nothing
102 Processing, by_urllib3: 102 nothing
103 Early Hints, by_curl: 200 ok
103 Early Hints, by_http_client: 103 nothing
103 Early Hints, by_urllib3: 103 nothing
EOT
