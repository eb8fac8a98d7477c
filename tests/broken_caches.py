"""Caches whose server is away: put one in the place of `common.limits.cache`."""

from typing import Any

from django.core.cache.backends.base import BaseCache


class BrokenCache(BaseCache):
    """A cache whose server is away."""

    def __init__(self, *args: Any) -> None:
        super().__init__({})

    def add(self, *args: Any, **kwargs: Any) -> bool:
        raise ConnectionError("away")

    incr = add  # type: ignore[assignment]
    get = set = delete = add


class SilentCache(BrokenCache):
    """One that says nothing when it is away, as memcached's can."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def incr(self, *args: Any, **kwargs: Any) -> int:
        raise ValueError("no such key")

    def clear(self) -> None:
        pass
