"""What files are read with: numbers as people write them, and work done ahead in a thread."""

import random
import threading

import phonenumbers
import pytest

from crm.lib import phones
from crm.lib.ahead import ahead


def by_the_library(text: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_the_short_cut_for_plain_numbers_says_what_the_library_says():
    dice = random.Random(3)

    def digits(count: int) -> str:
        return "".join(dice.choice("0123456789") for _digit in range(count))

    short = 0
    for _number in range(3_000):
        area, gap = digits(3), dice.choice(["", " ", "-", ".", "  "])
        start = dice.choice(["", "", "+1", "1", "+1 ", "1-", "+", "+44 "]) + dice.choice([area, f"({area})"])
        text = start + gap + digits(3) + dice.choice(["", "-", "."]) + digits(dice.choice([3, 4, 4, 4, 5]))
        for region in ("US", "DE"):
            assert phones.parse(text, region) == by_the_library(text, region), (text, region)
        short += phones.PLAIN.fullmatch(text) is not None
    assert short > 500


def test_the_next_item_is_made_while_this_one_is_worked_on():
    made, second = [], threading.Event()

    def items():
        for number in (1, 2, 3):
            made.append((number, threading.current_thread() is threading.main_thread()))
            if number == 2:
                second.set()
            yield number

    seen = []
    for number in ahead(items()):
        if number == 1:
            assert second.wait(5), "the second item waited for the first"
        seen.append(number)
    assert seen == [1, 2, 3]
    assert made == [(1, False), (2, False), (3, False)]


def test_what_goes_wrong_ahead_is_raised_here():
    def items():
        yield 1
        raise ValueError("line 2 cannot be read")

    with pytest.raises(ValueError, match="line 2"):
        list(ahead(items()))
