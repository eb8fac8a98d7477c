"""How often something may come from one connection. Counted in the cache, by a hash of the address: no address is kept."""

import ipaddress
from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def within_limit(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Count this request as one of `what` and say whether it is among the first `most` in `seconds`."""
    key = f"limit:{what}:{_connection(request)}"
    if cache.add(key, 1, seconds):
        return True
    try:
        return bool(cache.incr(key) <= most)
    except ValueError:  # run out between the two questions
        return True


def address_of(request: HttpRequest) -> str:
    """The reader's address, also behind our own proxies (TRUSTED_PROXY_COUNT); "unknown" where there is none."""
    with suppress(PermissionDenied):
        return str(get_adapter().get_client_ip(request))
    return "unknown"


def _connection(request: HttpRequest) -> str:
    """The reader's address, of IPv6 the network that one household has."""
    address = address_of(request)
    with suppress(ValueError):
        if ipaddress.ip_address(address).version == 6:
            address = str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return salted_hmac("common.limits", address, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
