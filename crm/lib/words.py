"""In whose language words are written: pages in the reader's, what is kept in the house's, mail in the customer's."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _


def kept(words: Any, **values: Any) -> str:
    """Return lazy words, filled, in the house language: people of every language read what is kept."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(words) % values if values else str(words)


def reason(term: dict[str, Any]) -> str:
    """Return a reason of a score in the reader's language: `{"say": words, "with": values}`."""
    # What an earlier version scored carries finished words; the next night writes it anew.
    return _(term["say"]) % term["with"] if "say" in term else str(term.get("text", ""))


def spoken(language: str) -> str:
    """Return the language when there are words in it, else the house's."""
    code = language.lower().replace("_", "-").split("-")[0]
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
