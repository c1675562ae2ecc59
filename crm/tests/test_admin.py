"""The admin: every model of ours is there, opens, can be searched and filtered, and keeps its rules."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from crm.accounts.models import User
from crm.tests import samples
from crm.tests.test_every_page import cast  # noqa: F401  (the same people)

OURS = {"accounts", "events", "jobs", *settings.ROOMS}
MADE = {"contacts.PartyTag", "contacts.RefusedRow", "accounts.Permission", "analytics.RevenueDay"}
"""Rows that have a page of their own elsewhere, or are figures made from others."""


def ours():
    """Return our models; the tables of changes are read-only by themselves."""
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return [model for model in models if not hasattr(model, "pgh_tracked_model")]


def test_every_model_is_in_the_admin_with_search_and_filters():
    there = set(admin.site._registry)
    there |= {model._meta.concrete_model for model in there}  # persons and firms stand for parties
    there |= {inline.model for entry in admin.site._registry.values() for inline in entry.inlines}
    assert {model._meta.label for model in ours() if model not in there} <= MADE
    bare = {
        model._meta.label
        for model, entry in admin.site._registry.items()
        if model._meta.app_label in OURS and not (entry.search_fields or entry.list_filter)
    }
    assert bare == set()


@pytest.mark.django_db
def test_every_list_and_form_of_the_admin_opens(client, login, cast):  # noqa: F811
    samples.arguments(cast)
    login(client, cast.root)
    for model, entry in admin.site._registry.items():
        info = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        query = {"q": "el"} if entry.search_fields else {}
        assert client.get(reverse(f"{info}_changelist"), query).status_code == 200, model
        row = model._default_manager.first()
        if row is not None:
            assert client.get(reverse(f"{info}_change", args=[row.pk])).status_code == 200, model


def test_a_change_in_the_admin_is_in_the_history_with_its_author(client, login, root):
    user = User.objects.create_user("new@rapport.example", "a long passphrase", first_name="Nia")
    url = reverse("admin:accounts_user_change", args=[user.pk])
    page = login(client, root).get(url)
    values = {name: value or "" for name, value in page.context["adminform"].form.initial.items()}
    answer = client.post(url, {**values, "first_name": "Nina"})
    assert answer.status_code == 302, page.context["adminform"].form.errors
    event = User.pgh_event_model.objects.filter(pgh_obj_id=user.pk).order_by("-pgh_id").first()
    assert event.first_name == "Nina"
    assert event.pgh_context.metadata["user"] == root.pk


def test_the_admin_is_closed_to_who_is_no_administrator(client, login, alice):
    login(client, alice)
    assert client.get(reverse("admin:index")).status_code == 302
