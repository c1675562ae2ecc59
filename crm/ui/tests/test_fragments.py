"""Parts of pages: what htmx asks for while somebody types is there on every list and form."""

import pytest
from django.urls import reverse

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
