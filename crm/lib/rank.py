"""Fractional order keys: put a card between two others without renumbering the lane."""

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)


def between(before: str, after: str) -> str:
    """Return a key that sorts after `before` and before `after`; an empty string means the open end.

    Keys are compared as plain strings by code point. No key ends in "0", so that there is always room in front.
    Raises ValueError when the two are in the wrong order.
    """
    if after and before >= after:
        raise ValueError(f"{before!r} does not sort before {after!r}")
    key, place = "", 0
    while True:
        low = DIGITS.index(before[place]) if place < len(before) else 0
        high = DIGITS.index(after[place]) if after and place < len(after) else BASE
        if high - low > 1:
            return key + DIGITS[(low + high) // 2]
        key += DIGITS[low]
        if high > low:
            after = ""
        place += 1
