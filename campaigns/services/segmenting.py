"""Who belongs to a segment, now."""

from typing import Any

from django.db import transaction

from campaigns.models import Segment
from campaigns.rules import compile_rule
from contacts.models import Party
from crm.lib.clock import now


def members(rule: dict[str, Any]) -> Any:
    """Return the persons who fit a rule. Raises DomainError for a rule that makes no sense."""
    return compile_rule(rule, Party.objects.people().active())


def count(rule: dict[str, Any]) -> int:
    """Return how many fit."""
    return int(members(rule).count())


@transaction.atomic
def save(*, actor: Any, name: str, rule: dict[str, Any], segment: Segment | None = None) -> Segment:
    """Keep a segment after counting it once: a rule that cannot be counted cannot be kept."""
    found = count(rule)
    kept = segment or Segment(owner=actor)
    kept.name, kept.rule, kept.count_cached, kept.counted_at = name.strip(), rule, found, now()
    kept.save()
    return kept


def recount(segment: Segment) -> int:
    """Count anew and remember."""
    segment.count_cached, segment.counted_at = count(segment.rule), now()
    segment.save(update_fields=["count_cached", "counted_at"])
    return int(segment.count_cached)
