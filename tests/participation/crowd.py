"""Many windows that send a form at the same moment, over HTTP to a running server."""

import http.client
import secrets
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.test import Client

from accounts.known import SESSION_KEY
from accounts.models import Contact, User

Form = dict[str, Any]


def session_of(person: User | Contact) -> str:
    """The cookie of somebody signed in, or of a guest whose address is proved."""
    if isinstance(person, User):
        client = Client()
        client.force_login(person)
        return str(client.cookies[settings.SESSION_COOKIE_NAME].value)
    session = SessionStore()
    session[SESSION_KEY] = person.pk
    session.create()
    return str(session.session_key)


class Crowd:
    """`size` open windows of the same browser."""

    def __init__(self, url: str, size: int) -> None:
        self.size = size
        self.host = str(urlsplit(url).netloc)
        self.pool = ThreadPoolExecutor(size)
        self.free: list[http.client.HTTPConnection] = [
            http.client.HTTPConnection(self.host, timeout=120) for _each in range(size)
        ]

    def send(self, session: str, posts: Sequence[tuple[str, Form]]) -> list[int]:
        """Send as many forms as there are windows, all at once; the status of each answer."""
        assert len(posts) == self.size
        start, token = threading.Barrier(self.size), secrets.token_hex(16)
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}

        def window(connection: http.client.HTTPConnection, path: str, form: Form) -> int:
            body = urlencode({"csrfmiddlewaretoken": token, **form})
            if connection.sock is None:
                connection.connect()
            start.wait(timeout=60)
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status

        return list(self.pool.map(window, self.free, *zip(*posts, strict=True)))

    def leave(self) -> None:
        self.pool.shutdown()
        for connection in self.free:
            connection.close()


@contextmanager
def crowd(server: Any, size: int = 50) -> Iterator[Crowd]:
    """The windows, and a live server that keeps its database connections and lets many knock at once, as one in operation."""
    kept = connections.settings["default"]["CONN_MAX_AGE"]
    connections.settings["default"]["CONN_MAX_AGE"] = 60
    server.thread.httpd.socket.listen(512)  # Django's has room for ten
    windows = Crowd(server.url, size)
    try:
        yield windows
    finally:
        windows.leave()
        connections.settings["default"]["CONN_MAX_AGE"] = kept
