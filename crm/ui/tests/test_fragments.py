"""Lists and forms while somebody works in them: the parts that htmx asks for, and what stays in sight."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

LISTS = (
    "analytics:runs",
    "campaigns:list",
    "campaigns:segments",
    "contacts:accounts",
    "contacts:imports",
    "contacts:list",
    "sales:list",
    "sales:orders",
    "sales:products",
    "service:list",
)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_answers_its_results_alone(client, login, root, name):
    answer = login(client, root).get(reverse(name), {"q": "el"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.strip().startswith('<div id="list-results"')
    assert "<html" not in text


@pytest.mark.parametrize("name", ["contacts:create", "sales:create", "sales:order_create", "service:create"])
def test_a_form_answers_itself_alone_with_its_errors(client, login, root, name):
    answer = login(client, root).post(reverse(name), {}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert text.strip().startswith("<form")
    assert 'class="errors"' in text
    assert "<html" not in text


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 1000])
def test_the_head_of_a_list_hides_no_row_and_typing_narrows_it(page, live_server, alice, sign_in, party_factory, width):
    for number in range(20):
        party_factory(first_name="Elin", last_name=f"Ek {number:02}")
    page.set_viewport_size({"width": width, "height": 600})
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("contacts:list"))
    head, row = page.locator("thead th").first, page.locator("tbody tr").first
    assert row.bounding_box()["y"] >= head.bounding_box()["y"] + head.bounding_box()["height"] - 1
    page.fill("#list-q", "Ek 07")
    expect(page.locator("tbody tr")).to_have_count(1)
