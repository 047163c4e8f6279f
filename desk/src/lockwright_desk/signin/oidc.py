"""The bank's own sign-in: OpenID Connect Core 1.0, the code flow with PKCE.

The JOSE of it is joserfc's. State, nonce and verifier, which an answer is held against, are in the
database, where they can be taken out once.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from lockwright import log as logs

from lockwright_desk.configuration.signin import OidcSettings
from lockwright_desk.signin.provider import Provider
from lockwright_desk.signin.refusals import ProviderRefused

SCOPE = "openid"
"""All that is asked for is who somebody is."""
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures by a key that the desk has not: never ``none``, never one with the client's secret."""
_LEEWAY = 60
"""Seconds that two clocks may differ by."""
_LATEST = 300
"""Seconds after which a token that signs somebody out is too old."""
_KEYS_AGAIN = timedelta(minutes=1)
_SIGNED_OUT = "http://schemas.openid.net/event/backchannel-logout"
"""What such a token says."""

log = logs.get("lockwright.desk.signin")


class RelyingParty:
    """The desk, as the provider knows it.

    Args:
        settings: the provider.
        back: where it sends people back to.

    Raises:
        LockwrightError: as ``Provider``.
    """

    def __init__(self, settings: OidcSettings, back: str) -> None:
        self._settings = settings
        self._back = back
        self._provider = Provider(settings)
        self._keys: KeySet | None = None
        self._asked_for_a_stranger: datetime | None = None
        """When the provider was asked for its keys for a token that anybody can have sent."""

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
        place = self._provider.about().authorization
        return f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(query)}"

    def check_issuer(self, said: str | None) -> None:
        """See that it is this provider that sends somebody back (RFC 9207, 2.4).

        Raises:
            ProviderRefused: it is another, or one that should say so and does not.
            ProviderAway: the provider does not answer.
        """
        if said is None and not self._provider.about().says_issuer:
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
        said = self._provider.answer(form).get("id_token")
        if not isinstance(said, str):
            raise ProviderRefused
        claims = self._claims(said, self._registry(nonce, now))
        audience, party = claims.get("aud"), claims.get("azp")
        several = isinstance(audience, list) and len(audience) > 1
        if (several or party is not None) and party != self._settings.client_id:
            raise ProviderRefused
        return str(claims["sub"])

    def signed_out(self, token: str, now: datetime) -> str:
        """Whom the provider has signed out (OpenID Connect Back-Channel Logout 1.0, 2.6).

        Args:
            token: the logout token.
            now: the time.

        Returns:
            The provider's name for them.

        Raises:
            ProviderRefused: it is no such token of this provider's, or an old one.
            ProviderAway: the provider does not answer.
        """
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            sub={"essential": True},
            iat={"essential": True},
            jti={"essential": True},
        )
        claims = self._claims(token, registry, sent_at=now)
        events = claims.get("events")
        # Else a token that says who somebody is would sign them out, and the reverse.
        if not isinstance(events, dict) or _SIGNED_OUT not in events or "nonce" in claims:
            raise ProviderRefused
        if now.timestamp() - float(claims["iat"]) > _LATEST:
            raise ProviderRefused
        return str(claims["sub"])

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

    def _claims(
        self, token: str, registry: jwt.JWTClaimsRegistry, sent_at: datetime | None = None
    ) -> dict[str, Any]:
        """What a token says, if it is the provider's and says what it must.

        Args:
            token: the token.
            registry: what it must say.
            sent_at: when somebody sent it; None if it was fetched from the provider.
        """
        try:
            claims = self._signed(token, sent_at)
            registry.validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            log.info("the provider's token is refused", kind=type(error).__name__)
            raise ProviderRefused from error
        return claims

    def _signed(self, token: str, sent_at: datetime | None) -> dict[str, Any]:
        """What a token says, if one of the provider's keys has signed it; it may have new ones.

        For what anybody can send, it is asked for them once a minute at most.
        """
        if self._keys is not None:
            try:
                return jwt.decode(token, self._keys, algorithms=_ALGORITHMS).claims
            except InvalidKeyIdError:
                last = self._asked_for_a_stranger
                if sent_at is not None and last is not None and abs(sent_at - last) < _KEYS_AGAIN:
                    raise
        if sent_at is not None:
            self._asked_for_a_stranger = sent_at
        self._keys = KeySet.import_key_set(self._provider.keys())  # type: ignore[arg-type]  # joserfc looks at it
        return jwt.decode(token, self._keys, algorithms=_ALGORITHMS).claims


def _challenge(verifier: str) -> str:
    """S256 (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
