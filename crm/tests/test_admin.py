"""The admin: every model of ours is there, opens, can be searched and filtered, and keeps its rules."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from contacts.models import Tag
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
    tag = Tag.objects.create(name="vip")
    login(client, root)
    answer = client.post(reverse("admin:contacts_tag_change", args=[tag.pk]), {"name": "gold", "colour": "1"})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    event = Tag.pgh_event_model.objects.filter(pgh_obj_id=tag.pk).order_by("-pgh_id").first()
    assert event.name == "gold"
    assert event.pgh_context.metadata["user"] == root.pk


def test_the_admin_is_closed_to_who_is_no_administrator(client, login, alice):
    login(client, alice)
    assert client.get(reverse("admin:index")).status_code == 302
