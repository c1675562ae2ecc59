"""The cast, and what every test may ask for.

alice and bob sell in the North, charlie sells in the South, dana manages all, hanna answers the telephone, sam
supervises her, root administers. Alice and bob see each other's customers; charlie sees none of theirs.
"""

import asyncio
import os
import shutil
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from crm.accounts.models import Role, Team, User
from crm.accounts.services import roles

pytest_plugins = ["crm.tests.processes"]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test finds another's throttles or sessions."""
    cache.clear()


@pytest.fixture(autouse=True)
def _house_language() -> Any:
    """No test speaks the language of who signed in in the test before."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def org(db: Any) -> SimpleNamespace:
    """Four teams in a tree, and the five roles."""
    roles.ensure_defaults()
    company = roles.make_team(actor=None, name="Company")
    return SimpleNamespace(
        company=company,
        north=roles.make_team(actor=None, name="Sales North", parent=company),
        south=roles.make_team(actor=None, name="Sales South", parent=company),
        centre=roles.make_team(actor=None, name="Contact Centre", parent=company),
    )


def _person(first: str, role: str, team: Team, **fields: Any) -> User:
    return User.objects.create_user(
        f"{first}@rapport.example",
        "correct horse battery",
        first_name=first.title(),
        last_name="Tester",
        role=Role.objects.get(key=role),
        team=team,
        time_zone="America/New_York",
        **fields,
    )


@pytest.fixture
def alice(org: SimpleNamespace) -> User:
    """A rep in the North."""
    return _person("alice", "rep", org.north)


@pytest.fixture
def bob(org: SimpleNamespace) -> User:
    """A rep in the North, in alice's team."""
    return _person("bob", "rep", org.north)


@pytest.fixture
def charlie(org: SimpleNamespace) -> User:
    """A rep in the South: no business of his with what alice does."""
    return _person("charlie", "rep", org.south)


@pytest.fixture
def dana(org: SimpleNamespace) -> User:
    """The manager of the whole company."""
    return _person("dana", "manager", org.company)


@pytest.fixture
def hanna(org: SimpleNamespace) -> User:
    """An agent of the contact centre."""
    return _person("hanna", "agent", org.centre)


@pytest.fixture
def sam(org: SimpleNamespace) -> User:
    """The supervisor of the contact centre."""
    return _person("sam", "supervisor", org.centre)


@pytest.fixture
def root(org: SimpleNamespace) -> User:
    """The administrator."""
    return _person("root", "admin", org.company, is_staff=True, is_superuser=True)


@pytest.fixture
def login() -> Any:
    """Sign somebody in: `login(client, alice)`."""

    def sign_in(client: Client, user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def party_factory(alice: User) -> Any:
    """Make contacts: `party_factory(first_name="Elin", owner=alice, phones=["+12125550100"])`."""
    from contacts.services import directory

    def make(**fields: Any) -> Any:
        values = {"first_name": "Elin", "last_name": "Sandström", "owner": alice, "source": "test", **fields}
        return directory.create_contact(actor=values.pop("actor", alice), **values)

    return make


CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Any:
    """A real browser with an empty profile. Without one the test fails; it is never skipped."""
    from playwright.sync_api import sync_playwright

    # Playwright runs a loop in this thread; Django's own guard would take the tests for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "No Chromium was found: install it, or name it with CHROMIUM=/path/to/chromium."
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, headless=True, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Any:
    """A page that fails the test for an error in the console."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    made = context.new_page()
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    yield made
    context.close()
    assert not errors, errors


@pytest.fixture
def sign_in() -> Any:
    """Sign somebody in by the form: `sign_in(page, live_server, alice)`."""

    def go(page: Any, server: Any, user: User, password: str = "correct horse battery") -> None:
        page.goto(f"{server.url}/accounts/login/")
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", password)
        page.click("button[type=submit], form button.btn-primary")
        page.wait_for_url(lambda url: "/login" not in url)

    return go


class Inbox(Message):
    """Keeps what a mail server was given. After `silent_after` mails it keeps them without a word to the sender."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []
        self.silent_after: int | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> Any:
        """Keep the mail, and say so when it is time."""
        answer = await super().handle_DATA(server, session, envelope)
        while self.silent_after is not None and len(self.mails) > self.silent_after:
            await asyncio.sleep(0.05)
        return answer

    def handle_message(self, message: Any) -> None:
        """Keep it."""
        self.mails.append(message)


@pytest.fixture
def smtp(settings: Any) -> Any:
    """A real SMTP server on loopback: `smtp.mails` is what came in."""
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = port
    yield inbox
    server.stop()
