"""Read the extract of real purchases."""

import io
import json
import lzma
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

FILE = Path(__file__).parent / "data" / "purchases.npz.xz"
DAYS = 365


@dataclass(frozen=True)
class Product:
    """A kind of product: what stands on a line."""

    sku: str
    name: str
    department: str
    brand: str


@dataclass(frozen=True)
class Extract:
    """One year of purchases of some 2,500 households.

    Baskets lie in the order of (household, minute), lines in the order of their baskets: `line_start[i]` and
    `line_start[i + 1]` bound the lines of basket i. `basket_minute` counts from the first midnight of the year.
    """

    arrays: dict[str, Any]

    @classmethod
    def read(cls, path: Path = FILE) -> "Extract":
        """Read the packed file (some 3 MB; 15 MB unpacked)."""
        with np.load(io.BytesIO(lzma.decompress(path.read_bytes())), allow_pickle=False) as packed:
            return cls({name: packed[name] for name in packed.files})

    @cached_property
    def products(self) -> list[Product]:
        """The kinds of products, the most bought first; a line's kind is an index into this list."""
        return [
            Product(f"P{index + 1:04d}", _name(text), text.split("|")[0].title() or "Other", text.split("|")[3])
            for index, text in enumerate(json.loads(bytes(self.arrays["kinds"])))
        ]

    @cached_property
    def line_start(self) -> Any:
        """Where the lines of each basket begin; one longer than the baskets."""
        return np.concatenate(([0], np.cumsum(self.arrays["basket_lines"], dtype=np.int64)))

    @cached_property
    def basket_start(self) -> Any:
        """Where the baskets of each household begin; one longer than the households."""
        count = int(self.arrays["basket_household"].max()) + 1
        return np.searchsorted(self.arrays["basket_household"], np.arange(count + 1))

    @property
    def households(self) -> int:
        """How many households there are."""
        return len(self.basket_start) - 1


def _name(text: str) -> str:
    _department, category, kind, brand = text.split("|")
    words = (kind or category or "Sundries").replace("/", " / ").title()
    return f"{words} ({brand})" if brand else words
