#!/usr/bin/env bash
# httpx: a server's offer to keep an HTTP/1.0 connection is not taken, whatever is asked for.
#
# To be expected: a client of httpx keeps its connections, and "Connection: keep-alive" in request
# and answer keeps an HTTP/1.0 one, as http.client and curl do.
# What happens: httpx (h11 under it) closes after every HTTP/1.0 answer. With a server that ties a
# transaction to its connection, as the CMP server of OpenSSL does, the second message of the
# transaction comes from a stranger.
source "$(dirname "$(realpath "$0")")/common.sh"
need curl curl
python_with httpx==0.28.1

"$python" - >seen <<'PYTHON'
import http.client
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

KEEP = {"Connection": "keep-alive"}


class Http10(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    connections = 0

    def setup(self):
        super().setup()
        Http10.connections += 1

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.send_header("Connection", "keep-alive")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


def by_http_client(port):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(3):
        connection.request("GET", "/", headers=KEEP)
        connection.getresponse().read()
    connection.close()


def by_curl(port):
    urls = [f"http://127.0.0.1:{port}/"] * 3
    subprocess.run(["curl", "--silent", "--http1.0", "--noproxy", "*", "--header",
                    "Connection: keep-alive", *urls], check=True, capture_output=True)


def by_httpx(port):
    with httpx.Client(headers=KEEP, trust_env=False) as client:
        for _ in range(3):
            client.get(f"http://127.0.0.1:{port}/").raise_for_status()


with ThreadingHTTPServer(("127.0.0.1", 0), Http10) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for client in (by_http_client, by_curl, by_httpx):
        Http10.connections = 0
        client(server.server_port)
        print(f"{client.__name__}, three requests: connections {Http10.connections}")
    server.shutdown()
PYTHON
expect seen <<'EOT'
by_http_client, three requests: connections 1
by_curl, three requests: connections 1
by_httpx, three requests: connections 3
EOT
