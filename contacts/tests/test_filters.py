"""Filters of the list: fetched when they are opened, kept while one searches."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from contacts.models import Party, Score
from contacts.services import directory
from crm.lib.clock import now
from crm.ui.views import lists


def test_filters_are_sent_when_somebody_opens_them(client, login, alice, party_factory):
    party_factory(owner=alice)
    login(client, alice)
    url = reverse("contacts:list")
    assert "id_city" not in client.get(url).content.decode()
    part = client.get(url, {"filters": "1", "city": "Boston"}, HTTP_HX_REQUEST="true").content.decode()
    assert 'value="Boston"' in part
    assert "<table" not in part
    whole = client.get(url, {"filters": "1"}).content.decode()
    assert "id_city" in whole, "it works without a script too"
    kept = client.get(url, {"city": "Boston"}).content.decode()
    assert '<input type="hidden" name="city" value="Boston">' in kept, "a search keeps the filters that are set"


@pytest.mark.browser
def test_a_filter_narrows_the_list_and_a_search_keeps_it(page, live_server, alice, sign_in, party_factory):
    for first, city in (("Elin", "Boston"), ("Elin", "Denver"), ("Omar", "Boston")):
        directory.set_address(party_factory(first_name=first, last_name=city), actor=alice, city=city)
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("contacts:list"))
    page.click("details.filters summary")
    page.fill("#id_city", "Boston")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.reload()
    page.fill("#list-q", "Elin")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.click("details.filters summary")
    expect(page.locator("#id_city")).to_have_value("Boston")


def test_a_large_number_is_counted_twice_a_minute_and_a_small_one_each_time(
    alice, party_factory, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(lists, "MANY", 3)
    rows = Party.objects.visible_to(alice)
    for number in (1, 2):
        party_factory(last_name=f"Ek {number}")
        assert lists.count_of(rows) == number
    party_factory()
    assert lists.count_of(rows) == 3
    with django_assert_num_queries(0):
        assert lists.count_of(rows) == 3
    assert lists.count_of(rows.filter(last_name="Ek 1")) == 1, "another question has a number of its own"
    assert lists.count_of(Party.objects.none()) == 0
    cache.clear()
    with django_assert_num_queries(1):
        assert lists.count_of(rows) == 3


@pytest.mark.parametrize("few", [0, 100])
def test_a_score_is_found_whether_few_or_many_have_it(client, login, alice, party_factory, monkeypatch, few):
    monkeypatch.setattr("contacts.filters.FEW", few)
    for name, risk in (("Safe", 0.2), ("Shaky", 0.7), ("Gone", 0.9)):
        party = party_factory(last_name=name)
        Score.objects.create(customer=party, kind="churn", value=risk, as_of=now(), scored_at=now())
    text = login(client, alice).get(reverse("contacts:list"), {"risk_from": "50"}).content.decode()
    assert "Shaky" in text
    assert "Gone" in text
    assert "Safe" not in text


def test_a_search_finds_by_address_by_number_and_by_number_in_other_systems(alice, party_factory):
    elin = party_factory(phones=["+12125550100"], external_id="C-77012")
    directory.add_email(elin, "elin@example.org")
    party_factory(first_name="Omar", phones=["+12125550199"])
    found = Party.objects.visible_to(alice)
    for words in ("elin@exam", "+1 212 555 0100", "2125550100", "C-77012", "77012", "sandström elin"):
        assert elin in found.search(words), words
    for words in ("elin@example.org", "+12125550100", "77012"):
        assert found.search(words).count() == 1, words
