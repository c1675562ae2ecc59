"""The German words: complete, true to their placeholders, and on the pages of who chose them."""

import ast
import re
from functools import cache
from html.parser import HTMLParser

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import override_settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation.template import templatize

from contacts.models import Touchpoint
from crm.lib import money, registry
from crm.lib.words import reason, spoken
from crm.tests.test_house_limits import ROOT, TEMPLATES, name, python_files
from crm.ui.templatetags import charts
from sales.services import pipeline

FOLDER = ROOT / "crm" / "locale" / "de" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[-+ #0]*[\d.]*[a-zA-Z]|%%|\{[^}]*\}")
HOW = "write the German: CONTRIBUTING.md, “Words”"
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
CALLS_WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext"}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(((?:\s*{STRING}\s*,?)+)")


@cache
def catalogue():
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="de")


def entries():
    return [entry for entry in catalogue() if entry.id]


def forms(words):
    return [words] if isinstance(words, str) else list(words)


def test_no_entry_is_empty_or_a_guess():
    assert len(entries()) > 900
    assert [entry.id for entry in entries() if entry.fuzzy or not all(forms(entry.string))] == []
    assert not catalogue().obsolete


def test_placeholders_survive_the_translation():
    wrong = {}
    for entry in entries():
        wanted = sorted(PLACEHOLDER.findall(forms(entry.id)[-1]))
        for words in forms(entry.string):
            if sorted(PLACEHOLDER.findall(words)) != wanted:
                wrong[str(entry.id)] = words
    assert wrong == {}


def said(entry):
    context = entry.context.decode() if isinstance(entry.context, bytes) else entry.context
    return (context, *forms(entry.id)), forms(entry.string)


def test_the_compiled_catalogue_is_what_the_written_one_says():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = dict(said(entry) for entry in read_mo(file) if entry.id)
    assert compiled == dict(map(said, entries())), "run compilemessages"


def called(node):
    """Return context and words of a call of gettext, None for another call or for words that are worked out."""
    function = getattr(node.func, "id", "")
    texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if function in CALLS and texts:
        return None, texts[0]
    return (texts[0], texts[1]) if function in CALLS_WITH_CONTEXT and len(texts) > 1 else None


def words_of_python():
    for path in python_files():
        if "tests" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and (found := called(node)):
                    yield name(path), *found


def words_of_templates():
    for path in TEMPLATES:
        for function, arguments in IN_TEMPLATE.findall(templatize(path.read_text())):
            call = ast.parse(f"{function}({arguments.rstrip().rstrip(',')})", mode="eval").body
            if found := called(call):
                yield name(path), *found


def test_every_word_on_the_screen_is_in_the_catalogue():
    known = {(entry.context, forms(entry.id)[0]) for entry in entries()}
    used = [*words_of_python(), *words_of_templates()]
    assert len(used) > 1000
    assert sorted({where for where in used if where[1:] not in known}, key=str) == [], HOW
    unused = known - {(context, words) for _path, context, words in used}
    assert unused == set(), "nobody says this any more: run makemessages --no-obsolete"


def test_words_that_are_worked_out_are_in_the_catalogue():
    known = {forms(entry.id)[0] for entry in entries()}
    keys = {entry.filter_key.capitalize() for entry in registry.timeline_kinds().values() if entry.filter_key}
    assert keys <= known, "the filters of the timeline"


# The name of the product, and caps of keys, are the same in every language.
SAME_EVERYWHERE = {"Rapport"}
SILENT = {"script", "style", "kbd", "svg"}
SPOKEN_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt"}
TAG = re.compile(
    r"{%\s*blocktranslate.*?%}.*?{%\s*endblocktranslate\s*%}"
    r"|{%\s*block \w+_class\s*%}.*?{%\s*endblock.*?%}"  # names of styles, no words
    r"|{%.*?%}|{{.*?}}|{#.*?#}",
    re.S,
)


class Bare(HTMLParser):
    """Gathers what a template says without asking for a translation."""

    def __init__(self):
        super().__init__()
        self.found, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in SILENT
        self.found += [text for key, text in attrs if key in SPOKEN_ATTRIBUTES and bare(text or "")]

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT

    def handle_data(self, data):
        if not self.silent and bare(data):
            self.found.append(data.strip())


def bare(text):
    words = text.strip(" \n·,:;()")
    return words not in SAME_EVERYWHERE and any(char.isalpha() for char in words)


def test_no_template_says_a_word_past_the_catalogue():
    found = {}
    for path in TEMPLATES:
        parser = Bare()
        parser.feed(TAG.sub("", path.read_text()))
        if parser.found:
            found[name(path)] = parser.found
    assert found == {}
    parser = Bare()
    parser.feed(TAG.sub("", '<p title="Tip">Hello {{ name }}</p><kbd>K</kbd>{% translate "Bye" %} Rapport'))
    assert parser.found == ["Tip", "Hello"]


@pytest.fixture
def german(client, login):
    def sign_in(user):
        user.language = "de"
        user.save(update_fields=["language"])
        return login(client, user)

    return sign_in


@pytest.mark.parametrize(
    ("person", "address", "words"),
    [
        ("alice", "contacts:list", ("Kontakte", "Abwanderungsrisiko", "Suchen", "Neuer Kontakt")),
        ("alice", "sales:board", ("Verkaufschancen", "Ansichten", "Liste")),
        ("hanna", "contactcentre:console", ("Nachbearbeitung", "Verfügbar", "Notizen")),
        ("dana", "analytics:dashboard", ("Umsatz nach Monat", "Pipeline nach Phase", "Wo der Wert liegt")),
    ],
)
def test_a_page_speaks_german_with_who_chose_it(request, german, party_factory, person, address, words):
    party_factory()
    page = german(request.getfixturevalue(person)).get(reverse(address)).content.decode()
    assert '<html lang="de"' in page
    assert [word for word in words if word not in page] == []
    assert 'data-undo="Rückgängig"' in page


def test_who_is_not_signed_in_reads_the_language_of_the_browser(client, db):
    page = client.get(reverse("account_login"), headers={"Accept-Language": "de-AT,de;q=0.9"}).content.decode()
    assert '<html lang="de"' in page
    assert "Anmelden" in page
    page = client.get(reverse("account_login"), headers={"Accept-Language": "fr"}).content.decode()
    assert '<html lang="en"' in page
    assert "Sign in" in page


def test_a_refusal_speaks_german_too(client, german, alice):
    page = german(alice).get(reverse("contacts:record", args=[0]))
    assert page.status_code == 404
    assert '<html lang="de"' in page.content.decode()
    assert "Hier ist nichts" in page.content.decode()
    huge = {"CONTENT_LENGTH": str(10**12), "HTTP_ACCEPT_LANGUAGE": "de"}
    page = client.post(reverse("contacts:import"), {}, **huge)
    assert page.status_code == 413
    assert "Diese Datei ist zu groß" in page.content.decode()
    page = client.post(reverse("contacts:import"), {}, CONTENT_LENGTH=str(10**12))
    assert "This file is too large" in page.content.decode(), "not the language of the request before"


def test_dates_are_german_and_figures_stay(client, german, alice, party_factory):
    party = party_factory()
    opportunity = pipeline.open_opportunity(
        actor=alice, name="Fern", customer=party, value=money.parse("1234.5"), expected_close="2027-03-09"
    )
    page = german(alice).get(reverse("sales:opportunity", args=[opportunity.pk])).content.decode()
    assert "9. März 2027" in page
    assert "$1,235" in page
    form = client.get(reverse("sales:edit", args=[opportunity.pk])).content.decode()
    assert 'value="2027-03-09"' in form
    assert 'value="1234.50"' in form


BUYS = {"say": "%(n).1f purchases a month", "with": {"n": 1.5}}


def test_reasons_of_a_score_speak_the_readers_language():
    assert "1.5 purchases a month" in charts.reasons([{**BUYS, "effect": 3.5}])
    with translation.override("de"):
        assert "1.5 Käufe im Monat" in charts.reasons([{**BUYS, "effect": 3.5}])
        assert reason({"text": "said by an earlier version", "effect": 1.0}) == "said by an earlier version"


def test_drawings_keep_their_points():
    with translation.override("de"):
        drawn = [
            charts.bars([{"label": "Mai", "value": 3.25}, {"label": "Juni", "value": 7.5}], "Umsatz", "money"),
            charts.meter(0.255, "Stand"),
            charts.reasons([{**BUYS, "effect": 3.5}, {**BUYS, "effect": -1.25}]),
        ]
    for svg in drawn:
        assert re.findall(r'="-?\d+,\d', svg) == []


def test_what_is_kept_is_written_in_the_house_language(client, german, alice, party_factory):
    party = party_factory()
    german(alice)
    values = {"channel": "email", "purpose": "marketing", "granted": "yes", "basis": "express", "proof": "Messe"}
    assert client.post(reverse("contacts:consent", args=[party.pk]), values).status_code == 303
    assert Touchpoint.objects.get(kind="consent").summary == "Consent given: Offers, E-mail"
    with override_settings(LANGUAGE_CODE="de"):
        assert client.post(reverse("contacts:consent", args=[party.pk]), values).status_code == 303
    assert Touchpoint.objects.filter(kind="consent").latest("pk").summary == "Einwilligung erteilt: Werbung, E-Mail"


@pytest.mark.parametrize(
    ("language", "found"), [("de", "de"), ("de-CH", "de"), ("DE_at", "de"), ("en-GB", "en"), ("fr", "en"), ("", "en")]
)
def test_a_customer_is_written_to_in_a_language_we_have(language, found):
    assert spoken(language) == found


@pytest.mark.parametrize(
    ("typed", "read"),
    [("1.200,50", "1200.50"), ("1,200.50", "1200.50"), ("1.234.567,8", "1234567.80"), ("86,20 €", "86.20"),
     ("1,200", "1200.00"), ("86.2", "86.20")],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_written_here_and_there(typed, read):
    assert str(money.parse(typed).amount) == read
