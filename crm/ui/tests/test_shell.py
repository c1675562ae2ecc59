"""The shell: who gets in, what the menu offers, what people set for themselves."""

import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from crm.accounts.models import Permission, User
from crm.events import effects
from crm.events.models import Effect
from crm.management.commands import stylesheet, vendor_assets
from crm.ui import cells


def test_sign_in_is_asked_for_and_leads_back(client, alice):
    answer = client.get(reverse("accounts:profile"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    answer = client.post(answer.url, {"login": alice.email, "password": "correct horse battery"})
    assert answer.status_code == 302
    assert answer.url == reverse("accounts:profile")


def test_a_wrong_password_is_said_and_repeated_ones_are_throttled(client, alice):
    url = reverse("account_login")
    for _attempt in range(5):
        answer = client.post(url, {"login": alice.email, "password": "wrong"})
        assert "not correct" in answer.content.decode()
    answer = client.post(url, {"login": alice.email, "password": "correct horse battery"})
    assert not answer.wsgi_request.user.is_authenticated


def test_the_profile_is_kept(client, login, alice):
    login(client, alice)
    values = {"first_name": "Alice", "last_name": "B", "time_zone": "Europe/Berlin", "language": "en"}
    values |= {"theme": "dark", "density": "compact", "keys_enabled": "on"}
    assert client.post(reverse("accounts:profile"), values).status_code == 303
    page = client.get(reverse("accounts:profile")).content.decode()
    assert 'data-bs-theme="dark"' in page
    assert User.objects.get(pk=alice.pk).time_zone == "Europe/Berlin"


def test_only_who_may_sees_people(client, login, alice, root):
    assert login(client, alice).get(reverse("accounts:people")).status_code == 403
    assert login(client, root).get(reverse("accounts:people")).status_code == 200


def test_an_invitation_goes_out_once_and_lets_the_colleague_in(client, login, root, org, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    role = root.role
    values = {"email": "new@rapport.example", "first_name": "Nia", "role": role.pk, "team": org.north.pk}
    assert login(client, root).post(reverse("accounts:invite"), values).status_code == 303
    effect = Effect.objects.get()
    effects.run(effect.pk)
    effects.run(effect.pk)
    assert len(mail.outbox) == 1
    path = re.search(r"/join/\S+", mail.outbox[0].body).group()
    client.logout()
    answer = client.post(path, {"first_name": "Nia", "last_name": "Ek", "password": "a long passphrase"})
    assert answer.status_code == 303
    assert client.login(email="new@rapport.example", password="a long passphrase")
    assert client.get(path).status_code == 404


def test_a_role_cell_is_changed_on_the_page(client, login, root, alice):
    values = {"role": "rep", "kind": "contacts", "verb": "view", "scope": "own"}
    assert login(client, alice).post(reverse("accounts:roles"), values).status_code in {403, 404}
    assert login(client, root).post(reverse("accounts:roles"), values).status_code == 303
    assert alice.role.permissions.get(kind="contacts", action="view").scope == "own"


def test_the_search_answers_and_survives_anything(client, login, alice):
    login(client, alice)
    for words in ("el", "%", "'; DROP TABLE", "\0x", "x" * 500, "(("):
        assert client.get(reverse("ui:search"), {"q": words}).status_code == 200


def test_history_of_what_nobody_tracks_is_not_found(client, login, alice):
    login(client, alice)
    for label in ("accounts.user", "nothing.here", "x"):
        assert client.get(reverse("ui:history", args=[label, 1])).status_code == 404


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(client, login, alice):
    answer = login(client, alice).post(
        reverse("accounts:profile"), data=b"", content_type="text/plain", CONTENT_LENGTH=str(2 * 1024**3)
    )
    assert answer.status_code == 413
    assert "larger than 300 MB" in answer.content.decode()


def test_the_policy_allows_nothing_unsafe(client, login, alice):
    policy = login(client, alice).get(reverse("accounts:profile")).headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_the_stylesheet_is_made_from_its_parts():
    assert (stylesheet.FOLDER / "rapport.css").read_text() == stylesheet.joined()


@pytest.mark.parametrize("entry", vendor_assets.entries(), ids=lambda entry: entry["target"])
def test_vendored_files_are_what_the_manifest_says(entry):
    assert vendor_assets.digest((vendor_assets.FOLDER / entry["target"]).read_bytes()) == entry["sha256"]


def test_kept_parts_of_the_shell_are_each_persons_own(client, login, alice, bob, hanna):
    def side(user, path):
        text = login(client, user).get(path).content.decode()
        return text[text.index('<nav class="side') :].partition("</nav>")[0]

    contacts, accounts = reverse("contacts:list"), reverse("contacts:accounts")
    first = side(alice, contacts)
    assert side(alice, contacts) == first
    assert "Alice" in first
    assert "Bob" in side(bob, contacts)
    assert f'href="{accounts}" aria-current="page"' in side(alice, accounts), "where one is differs from page to page"
    assert side(hanna, contacts) != side(alice, contacts), "an agent's menu is another one"
    alice.language = "de"
    alice.save(update_fields=["language"])
    assert side(alice, contacts) != first
    Permission.objects.filter(role=alice.role, kind="campaigns", action="view").update(scope="none")
    assert reverse("campaigns:list") not in side(alice, contacts)


def test_days_and_amounts_of_lists_are_in_the_readers_words():
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    with override("en"), timezone.override("America/New_York"):
        assert cells.render("date", at) == "1 Mar 2026"
        assert cells.render("money", 1234.4) == "$1,234"
    with override("de"), timezone.override("Europe/Berlin"):
        assert cells.render("date", at).startswith("2")
        assert "2026" in cells.render("date", at.date())
    assert cells.render("text", "<b>") == "&lt;b&gt;"
    assert cells.render("who", "Ann <b>") == (
        '<span class="face" data-hue="9" aria-hidden="true">A</span><span>Ann &lt;b&gt;</span>'
    )
