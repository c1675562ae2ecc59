"""Charts drawn on the server: plain SVG in the look's colours, each with its figures in words."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.lib.words import reason
from crm.ui import cells

register = template.Library()
WIDTH, HEIGHT, LEFT, FOOT = 640.0, 180.0, 52.0, 22.0


@register.simple_tag
def bars(points: Sequence[dict[str, Any]], label: str = "", kind: str = "number") -> SafeString:
    """Draw columns from `[{"label", "value", "url"}]`; each is a link to its rows when it has a url."""
    top = max((float(point["value"]) for point in points), default=0) or 1.0
    step = (WIDTH - LEFT) / max(len(points), 1)
    width = min(step * 0.7, 48)
    base = HEIGHT - FOOT
    every = max(1, len(points) // 12)
    parts = [_axis(base, top, kind)]
    for place, point in enumerate(points):
        value = float(point["value"])
        height = max(0.0, (base - 14) * value / top)
        x = LEFT + step * place + (step - width) / 2
        words = f"{point['label']}: {_words(value, kind)}"
        rect = (
            f'<rect class="c1" x="{x:.1f}" y="{base - height:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2">'
            f"<title>{escape(words)}</title></rect>"
        )
        if point.get("url"):
            rect = f'<a href="{escape(point["url"])}" aria-label="{escape(words)}">{rect}</a>'
        parts.append(rect)
        if place % every == 0:
            short = escape(point.get("short") or point["label"])
            parts.append(f'<text x="{x + width / 2:.1f}" y="{HEIGHT - 6:.1f}" text-anchor="middle">{short}</text>')
    role = "group" if any(point.get("url") for point in points) else "img"
    head = f'<svg class="plot plot-wide" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="{role}" aria-label="{escape(label)}">'
    return mark_safe(head + "".join(parts) + "</svg>")


def _axis(base: float, top: float, kind: str) -> str:
    lines = []
    for share in (0.0, 0.5, 1.0):
        y = base - (base - 14) * share
        css = "axis" if share == 0 else "gridline"
        lines.append(f'<line class="{css}" x1="{LEFT:.0f}" x2="{WIDTH:.0f}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(
            f'<text x="{LEFT - 7:.0f}" y="{y + 4:.1f}" text-anchor="end">{escape(_words(top * share, kind))}</text>'
        )
    return "".join(lines)


def _words(value: float, kind: str) -> str:
    if kind == "percent":
        return f"{value:.0%}"
    for size, letter in ((1e9, "bn"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            unit = 1e3 if letter == "k" else size
            text = f"{value / unit:.3g}{letter}"
            return f"${text}" if kind == "money" else text
    return cells.amount(value) if kind == "money" else f"{value:,.0f}"


@register.simple_tag
def reasons(terms: Sequence[dict[str, Any]]) -> SafeString:
    """Draw signed terms, largest first: `[{"say", "with", "effect"}]`, effects in points (hundredths of a risk)."""
    largest = max((abs(float(term["effect"])) for term in terms), default=0) or 1.0
    items = []
    # What rounds to nothing explains nothing, unless it is all there is.
    for term in [term for term in terms if abs(float(term["effect"])) >= 0.5] or terms[:1]:
        effect = float(term["effect"])
        width = 30 * abs(effect) / largest
        x, css = (31.0, "cneg") if effect > 0 else (30.0 - width, "cpos")
        sign = "+" if effect > 0 else "−"
        items.append(
            f'<li><span>{escape(reason(term))}</span><svg class="reasons-bar" viewBox="0 0 60 26" aria-hidden="true">'
            f'<rect class="{css}" x="{x:.1f}" y="9" width="{width:.1f}" height="8" rx="1.5"/>'
            f'<line class="axis" x1="30.5" x2="30.5" y1="0" y2="26"/></svg><data value="{effect:.1f}">{sign}{abs(effect):.0f}</data></li>'
        )
    if not items:
        nothing = escape(_("No reasons are known yet."))
        return mark_safe(f'<p class="panel-note">{nothing}</p>')
    return mark_safe(f'<ol class="reasons">{"".join(items)}</ol>')


@register.simple_tag
def meter(share: Any, label: str = "") -> SafeString:
    """Draw one bar filled to a share between 0 and 1."""
    part = max(0.0, min(1.0, float(share or 0)))
    return mark_safe(
        f'<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
        f'<rect class="ctrack" width="100" height="10" rx="1"/><rect class="c1" width="{part * 100:.1f}" height="10" rx="1"/></svg>'
    )


@register.simple_tag
def pareto(rows: Sequence[dict[str, Any]], label: str = "") -> SafeString:
    """Draw tenths with their running share: `[{"decile", "share", "running", "customers", "url"}]`, shares 0 to 1."""
    width, height, left, foot, top = 470.0, 180.0, 34.0, 22.0, 12.0
    base, step = height - foot, (width - left) / max(len(rows), 1)
    full = base - top
    parts, line = [], []
    for share in (0.0, 0.5, 1.0):
        y = base - full * share
        css = "axis" if share == 0 else "gridline"
        parts.append(f'<line class="{css}" x1="{left:.0f}" x2="{width:.0f}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{left - 7:.0f}" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>')
    for place, row in enumerate(rows):
        x, tall = left + step * place + step * 0.1, full * row["share"]
        words = _("Tenth %(n)s: %(share)s of the value, %(customers)s customers") % {
            "n": row["decile"], "share": f"{row['share']:.0%}", "customers": f"{row['customers']:,}",
        }  # fmt: skip
        parts.append(
            f'<a href="{escape(row["url"])}" aria-label="{escape(words)}"><rect class="{"c1" if place == 0 else "c2"}" '
            f'x="{x:.1f}" y="{base - tall:.1f}" width="{step * 0.8:.1f}" height="{max(tall, 0.5):.1f}" rx="2">'
            f"<title>{escape(words)}</title></rect></a>"
            f'<text x="{x + step * 0.4:.1f}" y="{height - 6:.1f}" text-anchor="middle">{row["decile"]}</text>'
        )
        line.append(f"{x + step * 0.4:.1f},{base - full * row['running']:.1f}")
    parts.append(f'<polyline points="{" ".join(line)}" fill="none" stroke="var(--ink-2)" stroke-width="1.5"/>')
    head = (
        f'<svg class="plot plot-wide" viewBox="0 0 {width:.0f} {height:.0f}" role="group" aria-label="{escape(label)}">'
    )
    return mark_safe(head + "".join(parts) + "</svg>")
