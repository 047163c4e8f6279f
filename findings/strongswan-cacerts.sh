#!/usr/bin/env bash
# strongSwan: its EST client reads the CA certificates only if the base64 is one line.
#
# To be expected: RFC 7030 answers /cacerts in MIME's base64, which has lines of 76 at most, and
# RFC 8951 lets a server leave the line ends out; so a client reads both.
# What happens: pki --estca reads a body of one line, with or without a line end behind it. The
# same body in lines of 64 or 76 characters ends in "could not parse single CA certificate".
# strongSwan 6.0.1 (Debian 13) reads all of them, so there this is no longer so.
source "$(dirname "$(realpath "$0")")/common.sh"
need pki strongswan-pki
need openssl openssl
pki --help 2>&1 | grep -c -e --estca >/dev/null || cannot_run "this pki knows no EST"
python_with

openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -subj '/CN=Bank CA' -days 30 \
    -addext keyUsage=keyCertSign -out ca.pem 2>/dev/null
openssl req -new -newkey rsa:2048 -nodes -keyout server.key -subj /CN=localhost \
    -out server.csr 2>/dev/null
echo 'subjectAltName = DNS:localhost' >extensions
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
    -extfile extensions -out server.pem 2>/dev/null
openssl crl2pkcs7 -nocrl -certfile ca.pem -outform DER -out cacerts.der

"$python" - >seen <<'PYTHON'
import base64
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

LINE = base64.b64encode(Path("cacerts.der").read_bytes())


def lines(length, end=b"\n"):
    return b"".join(LINE[at : at + length] + end for at in range(0, len(LINE), length))


BODIES = {
    "one line": LINE,
    "one line and a line end": LINE + b"\n",
    "lines of 64": lines(64),
    "lines of 76": lines(76),
    "lines of 76, CR LF": lines(76, b"\r\n"),
}


class Est(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    body = b""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/pkcs7-mime")
        self.send_header("Content-Transfer-Encoding", "base64")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


class Server(HTTPServer):
    def handle_error(self, *_):
        """The client ends the connection without TLS's own farewell."""


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("server.pem", "server.key")
with Server(("127.0.0.1", 0), Est) as server:
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, Est.body in BODIES.items():
        done = subprocess.run(
            ["pki", "--estca", "--url", f"https://localhost:{server.server_port}",
             "--cacert", "ca.pem", "--caout", "got", "--outform", "pem", "--force"],
            capture_output=True, text=True, timeout=60)
        print(f"{name}:", "read" if done.returncode == 0 else done.stderr.splitlines()[-1])
    server.shutdown()
PYTHON
expect seen <<'EOT'
one line: read
one line and a line end: read
lines of 64: could not parse single CA certificate
lines of 76: could not parse single CA certificate
lines of 76, CR LF: could not parse single CA certificate
EOT
