"""A connection to the collector, with TLS by which each side knows the other."""

from __future__ import annotations

import select
import socket
import ssl
from contextlib import suppress

from lockwright.enrol.ca.reasons import no_connection
from lockwright.i18n import N_, _

from lockwright_desk.configuration.siem import SiemSettings

SECONDS = 20.0
"""How long a collector may be silent where it is waited for."""
_VERDICT = 0.25
"""How long a collector is waited for that may say nothing, or refuse the desk's certificate."""
_REFUSED = {
    "TLSV1_ALERT_UNKNOWN_CA",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    "SSLV3_ALERT_BAD_CERTIFICATE",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    "SSLV3_ALERT_CERTIFICATE_REVOKED",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    "TLSV1_ALERT_ACCESS_DENIED",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED",
}
"""OpenSSL's reasons (sslerr.h) with which a server refuses a client's certificate."""


class Broken(Exception):
    """There is no connection, or none any more; the text says why, in the language in use."""


class Connection:
    """A connection.

    Args:
        settings: where the collector is.

    Raises:
        Broken: there is none.
    """

    def __init__(self, settings: SiemSettings) -> None:
        self._tls: ssl.SSLSocket | None = None
        try:
            self._socket = socket.create_connection((settings.host, settings.port), SECONDS)
        except OSError as error:
            raise Broken(_(no_connection(error))) from error
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if settings.tls:
                self._tls = _context(settings).wrap_socket(
                    self._socket, server_hostname=settings.name
                )
                self._socket = self._tls
                if self._tls.version() == "TLSv1.3":
                    # Only now the collector looks at our certificate: what it says of it is lost
                    # where something was written before.
                    self.receive(_VERDICT)
        except Broken:
            self.abandon()
            raise
        except (OSError, ValueError) as error:
            self.abandon()
            raise Broken(told(error)) from error

    def send(self, data: bytes) -> None:
        """Write all of it.

        Raises:
            Broken: the connection is.
        """
        try:
            self._socket.settimeout(SECONDS)
            self._socket.sendall(data)
        except OSError as error:
            raise Broken(told(error)) from error

    def receive(self, seconds: float) -> bytes:
        """What has come, waiting for it that long; nothing if nothing came.

        Raises:
            Broken: the collector has ended the connection.
        """
        try:
            decrypted = self._tls is not None and self._tls.pending() > 0
            if not decrypted and not select.select([self._socket], [], [], max(0.0, seconds))[0]:
                return b""
            self._socket.settimeout(0.0)
            data = self._socket.recv(64 * 1024)
        except (ssl.SSLWantReadError, BlockingIOError):
            return b""  # a message of TLS itself, such as a ticket
        except OSError as error:
            raise Broken(told(error)) from error
        if not data:
            raise Broken(_("the collector ended the connection"))
        return data

    def finish(self, seconds: float = SECONDS) -> bool:
        """End it in order, and wait for the collector to do so, too.

        It comes to that only behind all that was written to it, while the system of one that was
        killed before tells of it (RST).

        Args:
            seconds: how long to wait for that.

        Returns:
            Whether the collector has read everything.
        """
        try:
            self._socket.settimeout(seconds)
            if self._tls is not None:
                with suppress(ssl.SSLEOFError):  # GnuTLS of rsyslog ends without a close_notify
                    self._tls.unwrap()
            else:
                self._socket.shutdown(socket.SHUT_WR)
                while self._socket.recv(4096):
                    pass
        except (OSError, ValueError):
            return False
        finally:
            self.abandon()
        return True

    def abandon(self) -> None:
        """Close it, whatever its state."""
        with suppress(OSError):
            self._socket.close()


def told(error: Exception) -> str:
    """Why a connection broke."""
    if isinstance(error, TimeoutError):
        return _("the collector does not answer")
    if isinstance(error, ssl.SSLError) and error.reason in _REFUSED:
        return _("the collector refused the desk's certificate, or wants one")
    if isinstance(error, ssl.SSLEOFError | ConnectionError):
        return _("the collector ended the connection")
    return _(no_connection(error))


def _context(settings: SiemSettings) -> ssl.SSLContext:
    """TLS 1.2 or newer; made anew each time, so that a new certificate is taken up.

    Raises:
        Broken: a file of it cannot be used.
    """
    file = settings.ca
    try:
        context = ssl.create_default_context(cafile=file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if settings.certificate is not None:
            file = settings.certificate
            context.load_cert_chain(file, settings.key, password=_no_password)
    except (OSError, ValueError) as error:
        raise Broken(_unusable(str(file), error)) from error
    return context


def _no_password() -> str:
    """Keys have none: nobody is there to be asked for it."""
    return ""


def _unusable(file: str, error: Exception) -> str:
    if isinstance(error, ssl.SSLError | ValueError):
        reason = N_("it holds no certificate with its key in PEM")
    else:
        reason = no_connection(error)
    return _("TLS cannot use {file}: {reason}").format(file=file, reason=_(reason))
