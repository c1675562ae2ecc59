"""A number in a list is dialled by a click."""

import pytest
from django.urls import reverse

from contactcentre.models import Call
from contactcentre.services import setup


@pytest.mark.browser
def test_a_click_on_a_number_in_a_list_dials_it(page, live_server, hanna, sign_in, party_factory):
    setup.ensure_defaults()
    setup.make_agent(hanna)
    party = party_factory(first_name="Elin", last_name="Ek", phones=["+12125550100"])
    sign_in(page, live_server, hanna)
    page.goto(live_server.url + reverse("contacts:list"))
    page.get_by_role("link", name="+1 212-555-0100").click()
    page.wait_for_url("**" + reverse("contactcentre:console"))
    call = Call.objects.get()
    assert (call.direction, call.contact, call.agent) == ("out", party, hanna)
