"""Secret links. The token is derived from a random nonce with the site's key, so a mail can be written at delivery without
the token standing in the database; the database keeps its digest, so a stolen copy opens nothing."""

import base64
import hashlib
import hmac

from django.conf import settings


def derive(purpose: str, nonce: str) -> str:
    """The token (43 characters, URL-safe) of this nonce for one purpose."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"{purpose}|{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
