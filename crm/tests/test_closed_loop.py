"""The closed loop, walked in a browser as rep, manager and agent, over the product's real processes.

Purchases come in as files, become scores; a call from the most valuable customer rings with them at the agent; the
call becomes a ticket and an opportunity; a segment of scores becomes a mail and a call list, which the dialler works
through; the manager's numbers move. Nothing is patched: worker, beat, web, Redis, Postgres, mail server, simulator.
"""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import requests
from faker import Faker
from playwright.sync_api import expect

from contactcentre.models import Call
from contactcentre.services import setup
from contacts.models import Party, Score, Touchpoint
from crm.demo.extract import DAYS, Extract
from crm.lib.clock import now
from sales.models import Stage
from service.models import Ticket

HOUSEHOLDS = 400
SLOW = 60_000
expect.set_options(timeout=20_000)
# Ranges kept for fiction, one of which lies in business hours at any time of day: the dialler asks for local hours.
RANGES = [("+1212555{:04d}", 14, 24), ("+44207946{:04d}", 8, 20), ("+6125550{:04d}", 22, 32)]


def awake_numbers():
    """Return how to write a number where it is day at this moment."""
    hour = now().hour
    return next(pattern for pattern, first, last in RANGES if first <= hour < last or first <= hour + 24 < last)


def write(name, head, rows, folder):
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([head, *rows])
    path = folder / name
    path.write_text(out.getvalue(), encoding="utf-8-sig")
    return path


@pytest.fixture
def files(tmp_path):
    """Real purchases of some households as two files of another system, under invented names."""
    extract, fake, number = Extract.read(), Faker("en_US"), awake_numbers()
    fake.seed_instance(7)
    people = [
        (f"H{n:04d}", fake.first_name(), fake.last_name(), f"h{n}@example.org", number.format(n + 1), "yes", "yes")
        for n in range(HOUSEHOLDS)
    ]
    first = datetime.combine(now().date(), datetime.min.time(), tzinfo=UTC) - timedelta(days=DAYS)
    lines, cents = [], extract.arrays["line_cents"]
    for household in range(HOUSEHOLDS):
        for basket in range(extract.basket_start[household], extract.basket_start[household + 1]):
            part = slice(extract.line_start[basket], extract.line_start[basket + 1])
            at = first + timedelta(minutes=int(extract.arrays["basket_minute"][basket]))
            lines.append((f"H{household:04d}", at.isoformat(), f"B{basket}", f"{cents[part].sum() / 100:.2f}"))
    head = ("Customer ID", "First name", "Last name", "E-mail", "Phone", "Newsletter", "Telemarketing")
    return SimpleNamespace(
        people=write("people.csv", head, people, tmp_path),
        orders=write("orders.csv", ("customer_id", "date", "basket_id", "sales_value"), lines, tmp_path),
        lines=len(lines),
    )


@pytest.fixture
def stage(chromium, product, sign_in):
    """Open a browser window of somebody's own: `stage(alice)`; errors in any console fail the test."""
    opened, errors = [], []

    def enter(user):
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(30_000)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{user}: {error}"))
        sign_in(page, product, user)
        return page

    yield enter
    for context in opened:
        context.close()
    assert not errors, errors


def take_in(page, product, path, kind, count):
    """Upload a file, accept the guessed columns, and wait for the worker."""
    page.goto(f"{product.url}/contacts/imports/new/")
    page.select_option("select[name=kind]", kind)
    page.set_input_files("input[name=file]", path)
    page.click("main form button.btn-primary")
    page.wait_for_url(re.compile("columns"))
    if page.locator("#proof").count():
        page.fill("#proof", "Sign-up form")
    page.click("footer button.btn-primary")
    page.wait_for_url(re.compile("check"))
    page.get_by_role("button", name=f"Import {count:,} rows").click()
    work_is_done(page)
    page.get_by_role("link", name="See the result").click()
    expect(page.locator(".counts b").nth(2)).to_have_text("0")


def work_is_done(page):
    """Watch the progress of long work, over a reload, to its end."""
    page.wait_for_url(re.compile("/jobs/"))
    page.reload()
    expect(page.locator("#job .clock-left")).to_have_text("Done", timeout=SLOW)


def score(page, product):
    """Press the button and wait for the run."""
    page.goto(f"{product.url}/analytics/")
    page.get_by_role("button", name="Score now").click()
    work_is_done(page)
    assert Score.objects.filter(kind="churn", state="ok").exists()


def worthiest():
    """Return the customer of most value who may also leave."""
    ids = Score.objects.filter(kind="churn", value__isnull=False).values("customer_id")
    top = (
        Score.objects.filter(kind="lifetime_value", value__isnull=False, customer_id__in=ids).order_by("-value").first()
    )
    return Party.objects.get(pk=top.customer_id)


def ring(supervisor, product, party):
    """Let a customer call by the page “Telephone simulator”."""
    supervisor.goto(f"{product.url}/calls/simulator/?q={party.last_name}")
    row = supervisor.locator("tr", has_text=party.name)
    row.get_by_role("button", name="Calls Service").click()
    expect(supervisor.locator("body")).to_contain_text("calls.")


def serve(agent, product, party):
    """Answer with the keyboard, hold, mute, open a ticket and an opportunity, hang up, write it down."""
    call = agent.locator("#console-call")
    expect(call).to_contain_text(party.name, timeout=SLOW)
    for words in ("Ringing", "Lifetime value", "Churn risk", "Why", "Last contacts"):
        expect(call).to_contain_text(words)
    agent.keyboard.press("a")
    expect(call.get_by_role("status")).to_contain_text("Talking")
    agent.keyboard.press("h")
    expect(call.get_by_role("status")).to_contain_text("On hold")
    assert [leg["hold"] for leg in legs(product) if leg["label"] == "caller"] == [True]
    agent.keyboard.press("h")
    expect(call.get_by_role("status")).to_contain_text("Talking")
    agent.keyboard.press("u")
    expect(call.get_by_role("button", name="Unmute")).to_be_visible()
    agent.keyboard.press("u")
    agent.fill("#wrap_notes", "The wand leaks since Monday.")
    call.get_by_role("link", name="Ticket").click()
    agent.get_by_label("Subject").fill("Wand leaks")
    agent.get_by_role("button", name="Open ticket").click()
    expect(call).to_contain_text("Wand leaks")
    expect(agent.locator("#wrap_notes")).to_have_value("The wand leaks since Monday.")
    call.get_by_role("link", name="Opportunity").click()
    agent.get_by_label("What may be sold").fill("Second machine")
    agent.get_by_label("Value").fill("4200")
    agent.get_by_role("button", name="Open opportunity").click()
    expect(call).to_contain_text("Second machine")
    agent.locator("body").press("Shift+D")
    expect(call.get_by_role("status")).to_contain_text("over")
    wrap_up(agent, "Solved")


def wrap_up(agent, outcome):
    """Say how it went and take the next."""
    agent.locator("#console-notes").get_by_label(outcome).check()
    agent.get_by_role("button", name="Save and take next").click()
    expect(agent.locator("body")).to_contain_text("written down")


def legs(product):
    """Return the legs that are up at the exchange."""
    return requests.get(f"{product.simulator}/sim/calls?live=1", timeout=5).json()


def mails(smtp, fits):
    """Return the mails that came in and fit."""
    return [mail for mail in smtp.mails if fits(mail)]


def follow_up(rep, product, smtp, party):
    """Answer the ticket by mail; move the opportunity on and win it."""
    ticket = Ticket.objects.get()
    assert ticket.source_call_id == Call.objects.get().pk
    rep.goto(f"{product.url}{ticket.get_absolute_url()}")
    rep.fill("#say", "A new wand is on its way.")
    rep.get_by_role("button", name="Send answer").click()
    product.wait_until(lambda: mails(smtp, lambda mail: "new wand" in str(mail)), 30, "the answer left")
    rep.goto(f"{product.url}/sales/")
    rep.get_by_role("link", name="Move Second machine to…").click()
    dialog = rep.get_by_role("dialog")
    dialog.get_by_label("Stage").select_option(label=str(Stage.objects.get(name="Proposal")))
    dialog.get_by_role("button", name="Move").click()
    expect(rep.locator(".lane", has_text="Proposal")).to_contain_text("Second machine")
    rep.get_by_role("link", name="Second machine", exact=True).click()
    rep.get_by_role("link", name="Won").click()
    dialog.get_by_role("button", name="Mark as won").click()
    product.wait_until(lambda: Touchpoint.objects.filter(kind="opportunity-won").exists(), 20, "it was won")


def segment(manager, product, risk):
    """Save who is in the better half by value and may leave; the count is live."""
    manager.goto(f"{product.url}/campaigns/segments/new/")
    manager.fill("#segment-name", "Dear and restless")
    for number, (attribute, op, value) in enumerate(
        [("contacts.value_percentile", None, "50"), ("contacts.churn_risk", "gt", risk)], 1
    ):
        manager.select_option(f"select[name=attribute_{number}]", attribute)
        manager.wait_for_selector(f"select[name=op_{number}]:not([disabled])")
        if op:
            manager.select_option(f"select[name=op_{number}]", op)
        manager.fill(f"input[name=value_{number}]", value)
    expect(manager.locator("#count")).to_contain_text(re.compile(r"[1-9]\d*"))
    manager.get_by_role("button", name="Save segment").click()
    manager.wait_for_url(re.compile(r"/segments/\d+/"))


def campaign(manager, product, **values):
    """Make a campaign of the segment and start it."""
    manager.goto(f"{product.url}/campaigns/new/")
    manager.select_option("select[name=segment]", label="Dear and restless")
    for name, value in values.items():
        field = manager.locator(f"[name={name}]")
        field.select_option(value) if field.evaluate("e => e.tagName") == "SELECT" else field.fill(value)
    manager.locator("footer button.btn-primary").click()
    manager.wait_for_url(re.compile(r"/campaigns/\d+/$"))


def start(manager):
    """Start what is open."""
    manager.get_by_role("link", name="Start…").click()
    manager.get_by_role("dialog").get_by_role("button").last.click()
    expect(manager.locator("h1")).not_to_contain_text("Draft", timeout=SLOW)


def mail_out(manager, product, smtp, dana):
    """Send the segment a mail: first to oneself, then to all; one of them wants no more by one click."""
    campaign(manager, product, name="Come back", kind="email", subject="Hello {first_name|there}", body="A gift waits.")
    manager.get_by_role("button", name="Test to me").click()
    product.wait_until(lambda: mails(smtp, lambda mail: mail["To"] == dana.email), 30, "the test mail came")
    start(manager)
    sent = product.wait_until(
        lambda: mails(smtp, lambda mail: mail["List-Unsubscribe"] and mail["To"] != dana.email), 60, "mails went out"
    )
    link = re.search(r"<(http[^>]+)>", sent[-1]["List-Unsubscribe"])[1]
    assert requests.post(link, data={"List-Unsubscribe": "One-Click"}, timeout=5).status_code == 200


def ring_round(manager, agent, product):
    """Let the dialler call the segment; the agent talks to the first one."""
    campaign(manager, product, name="Ring round", kind="call", mode="progressive", script="Ask how the machine does.")
    start(manager)
    agent.get_by_role("button", name="Available").click()
    call = agent.locator("#console-call")
    expect(call).to_contain_text("Ask how the machine does.", timeout=SLOW)
    expect(call.get_by_role("status")).to_contain_text("Talking", timeout=SLOW)
    agent.get_by_role("button", name="Break after this call").click()
    agent.locator("body").press("Shift+D")
    expect(call.get_by_role("status")).to_contain_text("over", timeout=SLOW)
    wrap_up(agent, "Sale or interest")
    entry = Call.objects.filter(direction="out").earliest("pk").entry
    assert (entry.outcome, entry.state) == ("interested", "done")


def look_at_the_numbers(manager, product):
    """The dashboard counts the calls of today, and its number leads to them."""
    manager.goto(f"{product.url}/analytics/")
    figure = manager.locator(".stats").get_by_role("link", name=re.compile("Calls today"))
    expect(figure.locator(".stat-figure")).to_have_text(str(Call.objects.count()))
    figure.click()
    expect(manager.locator("tbody tr")).to_have_count(Call.objects.count())


@pytest.mark.browser
def test_closed_loop(product, stage, smtp, files, alice, hanna, dana):
    setup.make_agent(hanna)
    rep, manager, agent = stage(alice), stage(dana), stage(hanna)
    take_in(rep, product, files.people, "contacts", HOUSEHOLDS)
    take_in(rep, product, files.orders, "orders", files.lines)
    assert Party.objects.filter(external_id__startswith="H").count() == HOUSEHOLDS
    score(manager, product)
    party = worthiest()

    agent.goto(f"{product.url}/calls/console/")
    agent.get_by_role("button", name="Available").click()
    expect(agent.locator("#console-call")).to_contain_text("Ready for the next call")
    ring(manager, product, party)
    serve(agent, product, party)
    agent.get_by_role("button", name="Break").click()
    rep.goto(f"{product.url}{party.get_absolute_url()}")
    expect(rep.locator("#feed")).to_contain_text("The wand leaks since Monday.")
    follow_up(rep, product, smtp, party)

    risks = sorted(Score.objects.filter(kind="churn", value__isnull=False).values_list("value", flat=True))
    segment(manager, product, f"{100 * risks[len(risks) // 2]:.0f}")
    mail_out(manager, product, smtp, dana)
    ring_round(manager, agent, product)
    look_at_the_numbers(manager, product)
