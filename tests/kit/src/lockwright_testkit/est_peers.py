"""EST servers that behave as two of the field do, which are not packaged.

Each does what was seen of it when it was run by hand, or read in its source, where it differs from
``EstServer``; nothing else of it is known here.
"""

from __future__ import annotations

from cryptography import x509

from lockwright_testkit.est_server import PKCS7, Asked, EstServer, Reply, certs_only

_TEXT = {"Content-Type": "text/plain; charset=utf-8"}
_CSRATTRS = {"Content-Type": "application/csrattrs", "Content-Transfer-Encoding": "base64"}
_LIBEST_WISHES = b"MCYGBysGAQEBARYGCSqGSIb3DQEJAQYFK4EEACIGCWCGSAFlAwQCAg=="
_BOUND = b"MAsGCSqGSIb3DQEJBw=="
"""The one OID challengePassword."""
_ORDERS = frozenset({"simpleenroll", "simplereenroll"})


class LibestServer(EstServer):
    """cisco/libest 3.2.0p, as its example server runs by default.

    A NUL behind ``/csrattrs``; no labels; a challenge for a missing login, and none for a wrong
    one; a request without a last line feed is refused; lines of 64; renewals by password.
    """

    bound = False
    """Whether it wants ``challengePassword`` (its option ``-t``)."""

    def digest(self) -> None:
        """Have it take Digest alone (``est_server_set_auth_mode(ctx, AUTH_DIGEST)``)."""
        self.challenge = 'Digest qop="auth", realm="estrealm", nonce="1480000000, 0"'

    def reply(self, asked: Asked) -> Reply:
        """What a request gets."""
        if asked.path.removeprefix("/.well-known/est/") != asked.operation:
            return Reply(404, b"Not Found", _TEXT)
        if asked.operation == "csrattrs":
            wishes = _BOUND if self.bound else _LIBEST_WISHES
            return Reply(200, wishes + b"\0", _CSRATTRS)
        if asked.operation in _ORDERS and not asked.body.endswith(b"\n"):
            return Reply(400, b"Bad Request", _TEXT)
        return _in_lines(super().reply(asked), 64)

    def order(self, asked: Asked) -> Reply:
        """What an order gets."""
        if self.challenge.startswith("Digest") and asked.login is not None:
            return self.challenged()
        if self.bound:
            return Reply(401, b"Proof of Possession Mismatch", _TEXT)
        return super().order(asked)


class GlobalSignServer(EstServer):
    """globalsign/est 1.0.6.

    Labels; a challenge for every 401; PEM is refused; lines of 76; ``/simplereenroll`` only over
    TLS with a client certificate, which it looks for after it has judged the password.
    """

    def reply(self, asked: Asked) -> Reply:
        """What a request gets."""
        if asked.operation in _ORDERS and b"-----" in asked.body:
            return self._said(400, "invalid base64 encoding")
        return _in_lines(super().reply(asked), 76)

    def order(self, asked: Asked) -> Reply:
        """What an order gets."""
        if self.logins.get(asked.login or "") != asked.password:
            return self.challenged()
        if asked.operation == "simplereenroll":
            return self._said(403, "client certificate must be provided for /simplereenroll")
        return super().order(asked)

    def challenged(self) -> Reply:
        """What a wrong password and none get."""
        headers = {"WWW-Authenticate": 'Basic realm="estserver@localhost"'}
        answer = self._said(401, "authorization required")
        return Reply(401, answer.body, {**answer.headers, **headers})

    def _said(self, status: int, text: str) -> Reply:
        server = {"Server": "GlobalSign EST Server 1.0.6"}
        return Reply(status, f"{status} {text}\n".encode(), {**_TEXT, **server})


class GatewayBefore(EstServer):
    """A reverse proxy whose EST server is away: a page for every order."""

    def order(self, asked: Asked) -> Reply:
        """What an order gets."""
        del asked
        page = b"<html><body>Bad Gateway</body></html>"
        return Reply(502, page, {"Content-Type": "text/html", "Via": "1.1 gate.bank.example"})


def shouting(*certificates: x509.Certificate) -> Reply:
    """Certificates with a media type as no server of the field writes it, but may (RFC 9110)."""
    plain = certs_only(*certificates)
    kind = f'{PKCS7.upper()} ; Smime-Type="certs-only"; charset=utf-8'
    return Reply(plain.status, plain.body, {"Content-Type": kind})


def _in_lines(reply: Reply, width: int) -> Reply:
    """An answer with its base64 in lines."""
    if not reply.headers.get("Content-Type", "").startswith(PKCS7):
        return reply
    whole = reply.body
    lines = [whole[at : at + width] + b"\n" for at in range(0, len(whole), width)]
    return Reply(reply.status, b"".join(lines), reply.headers)
