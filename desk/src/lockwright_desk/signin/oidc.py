"""The bank's own sign-in: OpenID Connect Core 1.0, the code flow with PKCE.

The JOSE of it is joserfc's, the requests are urllib3's. State, nonce and verifier, which an answer
is held against, are in the database, where they can be taken out once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import urllib3
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from lockwright import log as logs
from lockwright.console.secret_files import from_file
from lockwright.errors import reason_of
from lockwright.i18n import _
from lockwright.secret import Secret

from lockwright_desk.configuration.signin import OidcSettings, is_safe_address
from lockwright_desk.errors import DeskNotReady
from lockwright_desk.signin.refusals import ProviderAway, ProviderRefused

SCOPE = "openid"
"""All that is asked for is who somebody is."""
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures by a key that the desk has not: never ``none``, never one with the client's secret."""
_WELL_KNOWN = "/.well-known/openid-configuration"
_SECONDS = 10.0
_LONGEST = 1 << 20
_LEEWAY = 60
"""Seconds that two clocks may differ by."""

log = logs.get("lockwright.desk.signin")


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider says of itself (OpenID Connect Discovery 1.0, 3)."""

    authorization: str
    token: str
    keys: str
    says_issuer: bool
    """Whether it names itself when it sends somebody back (RFC 9207)."""
    by_basic: bool
    """Whether the client's secret goes into the header, not the form."""


class RelyingParty:
    """The desk, as the provider knows it.

    Args:
        settings: the provider.
        back: where it sends people back to.

    Raises:
        SecretFileMissing, SecretFileExposed: the file with the client's secret cannot be used.
        DeskNotReady: that with the CAs cannot.
    """

    def __init__(self, settings: OidcSettings, back: str) -> None:
        self._settings = settings
        secret = settings.secret_file
        self._secret = None if secret is None else from_file(str(secret))
        self._back = back
        self._provider: Provider | None = None
        self._keys: KeySet | None = None
        self._wires = urllib3.PoolManager(
            ssl_context=_trusting(settings.ca), timeout=_SECONDS, retries=False, maxsize=4
        )

    def authorization(self, state: str, nonce: str, verifier: str) -> str:
        """Where somebody goes to say who they are.

        Raises:
            ProviderAway: the provider does not answer.
            ProviderRefused: it is not what the configuration says.
        """
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._back,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        place = self._known().authorization
        return f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(query)}"

    def check_issuer(self, said: str | None) -> None:
        """See that it is this provider that sends somebody back (RFC 9207, 2.4).

        Raises:
            ProviderRefused: it is another, or one that should say so and does not.
            ProviderAway: the provider does not answer.
        """
        if said is None and not self._known().says_issuer:
            return
        if said != self._settings.issuer:
            raise ProviderRefused

    def subject(self, code: str, nonce: str, verifier: str, now: datetime) -> str:
        """Who has come back.

        Args:
            code: what they have brought.
            nonce: what the provider was told to say.
            verifier: what shows that it was the desk that sent them.
            now: the time.

        Returns:
            The provider's name for them (``sub``).

        Raises:
            ProviderRefused: nobody, by what the provider says.
            ProviderAway: it does not answer.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": verifier,
        }
        said = self._token(form).get("id_token")
        if not isinstance(said, str):
            raise ProviderRefused
        try:
            claims = self._signed(said)
            self._registry(nonce, now).validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            log.info("the provider's token is refused", kind=type(error).__name__)
            raise ProviderRefused from error
        audience, party = claims.get("aud"), claims.get("azp")
        several = isinstance(audience, list) and len(audience) > 1
        if (several or party is not None) and party != self._settings.client_id:
            raise ProviderRefused
        subject = claims["sub"]
        if not isinstance(subject, str):
            raise ProviderRefused
        return subject

    def _registry(self, nonce: str, now: datetime) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )

    def _signed(self, token: str) -> dict[str, Any]:
        """What a token says, if one of the provider's keys has signed it; it may have new ones."""
        if self._keys is not None:
            try:
                return jwt.decode(token, self._keys, algorithms=_ALGORITHMS).claims
            except InvalidKeyIdError:
                pass
        self._keys = KeySet.import_key_set(self._get(self._known().keys))  # type: ignore[arg-type]  # joserfc looks at it
        return jwt.decode(token, self._keys, algorithms=_ALGORITHMS).claims

    def _known(self) -> Provider:
        if self._provider is None:
            said = self._get(self._settings.issuer.rstrip("/") + _WELL_KNOWN)
            self._provider = self._read(said)
        return self._provider

    def _read(self, said: Mapping[str, object]) -> Provider:
        places = [
            said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        ]
        # Whoever answers there says which provider it is (Discovery, 4.3).
        if said.get("issuer") != self._settings.issuer:
            raise ProviderRefused
        if not all(isinstance(each, str) and is_safe_address(each) for each in places):
            raise ProviderRefused
        methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        authorization, token, keys = map(str, places)
        return Provider(
            authorization=authorization,
            token=token,
            keys=keys,
            says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
            by_basic=isinstance(methods, list) and "client_secret_basic" in methods,
        )

    def _token(self, form: dict[str, str]) -> Mapping[str, object]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        known, client = self._known(), self._settings.client_id
        if self._secret is None:
            return self._sent("POST", known.token, headers, {**form, "client_id": client})
        if not known.by_basic:
            own = {"client_id": client, "client_secret": self._secret.reveal_text()}
            return self._sent("POST", known.token, headers, {**form, **own})
        headers["Authorization"] = _basic(client, self._secret)
        return self._sent("POST", known.token, headers, form)

    def _get(self, place: str) -> Mapping[str, object]:
        return self._sent("GET", place, {}, None)

    def _sent(
        self, method: str, place: str, headers: dict[str, str], form: dict[str, str] | None
    ) -> Mapping[str, object]:
        body = urlencode(form) if form is not None else None
        asks = {"Accept": "application/json", **headers}
        try:
            answer = self._wires.request(
                method, place, body=body, headers=asks, redirect=False, preload_content=False
            )
            with answer:
                content = answer.read(_LONGEST + 1)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            log.warning("the provider is away", place=place, kind=type(error).__name__)
            raise ProviderAway from error
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.warning("the provider is away", place=place, status=answer.status)
            raise ProviderAway
        if answer.status != HTTPStatus.OK or len(content) > _LONGEST:
            log.warning("the provider refuses", place=place, status=answer.status)
            raise ProviderRefused
        try:
            said = json.loads(content)
        except (ValueError, RecursionError):
            raise ProviderRefused from None
        if not isinstance(said, dict):
            raise ProviderRefused
        return said


def _challenge(verifier: str) -> str:
    """S256 (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _basic(client: str, secret: Secret) -> str:
    """Both are form-encoded first (RFC 6749, 2.3.1)."""
    said = f"{quote(client, safe='')}:{quote(secret.reveal_text(), safe='')}"
    return f"Basic {base64.b64encode(said.encode()).decode()}"


def _trusting(file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if file is None else str(file))
    except OSError as error:  # what is no certificate is one, too
        raise DeskNotReady(reason=f"{file}: {_(reason_of(error))}") from None
