"""Forms: label, hint, error and input belong together on every page, whoever wrote the form."""

import re
from html.parser import HTMLParser

import pytest
from crispy_forms.layout import Fieldset
from crispy_forms.utils import render_crispy_form
from django import forms
from django.urls import reverse

from crm.ui.forms import DateInput, HouseForm, HouseHelper, pair

PAGES = (
    "accounts:invite",
    "campaigns:create",
    "contacts:create",
    "contacts:create_account",
    "sales:create",
    "sales:order_create",
    "sales:product_create",
    "service:create",
)


class Page(HTMLParser):
    """The ids, labels, inputs and references of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.labelled, self.inputs, self.described, self.links = [], set(), {}, set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.described |= set(attrs.get("aria-describedby", "").split())
        if tag == "label":
            self.labelled.add(attrs.get("for"))
        elif tag == "a":
            self.links.add(attrs.get("href", ""))
        elif tag in {"input", "select", "textarea"} and attrs.get("id", "").startswith("id_"):
            self.inputs[attrs["id"]] = attrs


@pytest.mark.parametrize("name", PAGES)
def test_each_error_is_said_on_top_and_beside_its_input(client, login, root, name):
    answer = login(client, root).post(reverse(name), {})
    assert answer.status_code == 422
    page = Page(answer.content.decode())
    assert len(page.ids) == len(set(page.ids)), "no id twice"
    wrong = [attrs for attrs in page.inputs.values() if attrs.get("aria-invalid") == "true"]
    assert wrong
    for attrs in wrong:
        assert f"#{attrs['id']}" in page.links, "the list on top leads to it"
        assert f"{attrs['id']}_error" in attrs["aria-describedby"].split()
        assert "is-invalid" in attrs["class"].split()
    assert page.described <= set(page.ids), "what describes an input is on the page"
    boxes = {key for key, attrs in page.inputs.items() if attrs.get("type") == "checkbox"}
    assert set(page.inputs) - boxes <= page.labelled


class Sample(HouseForm):
    helper = HouseHelper(Fieldset("Part one", pair("name", "day")), label_class="sr")
    name = forms.CharField(help_text="As in <b>the</b> pass", initial='a "quoted" <name>')
    day = forms.DateField(widget=DateInput(), initial="2026-02-01", required=False)
    age = forms.IntegerField(initial=0)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)
    size = forms.ChoiceField(choices=[("", "–"), ("A & B", [(1, "<small>"), (2, "large")])], initial=2)
    sure = forms.BooleanField(initial=True)
    how = forms.ChoiceField(choices=[("a", "This way"), ("b", "That way")], widget=forms.RadioSelect)


def test_a_long_form_has_parts_and_what_no_part_names_follows():
    html = render_crispy_form(Sample())
    assert '<legend class="part">Part one</legend>' in html
    order = [html.index(f'name="{name}"') for name in ("name", "day", "age", "size", "sure", "how")]
    assert order == sorted(order)
    assert html.index("</fieldset>") < html.index('name="age"')
    assert re.search(r'class="pair"\s*>', html)
    assert '<label class="form-label sr" for="id_name">' in html
    assert 'type="hidden"' in html
    assert "<form" not in html
    assert "csrf" not in html


def test_a_choice_by_radio_buttons_is_a_group_that_says_what_is_wrong():
    html = render_crispy_form(Sample({}))
    page = Page(html)
    assert {"#div_id_how", "#id_size", "#id_sure"} <= page.links
    assert {"div_id_how", "id_how_error", "id_sure_error"} <= set(page.ids)
    assert page.described <= set(page.ids)


def test_a_filter_that_cannot_be_read_says_so_and_the_list_stays(client, login, alice):
    answer = login(client, alice).get(reverse("contacts:list"), {"value_from": "much"})
    assert answer.status_code == 200
    page = Page(answer.content.decode())
    assert "is-invalid" in page.inputs["id_value_from"]["class"]
    assert "id_value_from_error" in page.ids
    assert "stops it from being saved" not in answer.content.decode()


def test_what_the_browser_knows_of_the_person_it_may_fill_in(client, login, alice):
    page = Page(login(client, alice).get(reverse("accounts:profile")).content.decode())
    assert page.inputs["id_first_name"]["autocomplete"] == "given-name"
    assert page.inputs["id_last_name"]["autocomplete"] == "family-name"
    client.logout()
    page = Page(client.get(reverse("account_login")).content.decode())
    assert page.inputs["id_login"]["autocomplete"] == "email"
    assert page.inputs["id_password"]["autocomplete"] == "current-password"
