"""A browser's part, cheaply: one connection kept open, a session's cookie, times in milliseconds."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore

from crm.accounts.models import User


def session_cookie(user: User) -> str:
    """Sign a user in; returns the Cookie header of their session."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


class Client:
    """One connection to the server under measurement."""

    def __init__(self, url: str, cookie: str) -> None:
        place = urlsplit(url)
        self.connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        self.headers = {"Cookie": cookie, "Accept": "text/html"}

    def get(self, path: str) -> tuple[float, bytes]:
        """Fetch a page; returns milliseconds until its last byte, and its body. Raises ValueError unless it is 200."""
        began = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        passed = 1000 * (time.perf_counter() - began)
        if answer.status != http.client.OK:
            raise ValueError(f"{path} answered {answer.status}: {body[:300]!r}")
        return passed, body

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def throughput(url: str, cookie: str, path: str, *, connections: int, each: int) -> float:
    """Return the pages a second that so many connections get together, each asking so many times."""

    def ask(client: Client) -> None:
        for _turn in range(each):
            client.get(path)

    clients = [Client(url, cookie) for _n in range(connections)]
    with ThreadPoolExecutor(connections) as threads:
        list(threads.map(lambda client: client.get(path), clients))  # each has connected before the clock starts
        began = time.perf_counter()
        list(threads.map(ask, clients))
        passed = time.perf_counter() - began
    for client in clients:
        client.close()
    return connections * each / passed
