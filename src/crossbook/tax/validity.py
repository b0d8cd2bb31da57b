"""Days on which no number of a return was valid: what was sold or paid back on them is in none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from crossbook.tax.settings import FAR, Identity
from crossbook.tax.unsaid import told


class Outside:
    """Sales and refunds of days on which none of the numbers was valid. Without any number there are none: a return
    that nobody files is shown whole."""

    def __init__(self, numbers: Sequence[Identity]) -> None:
        self._numbers = numbers
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def takes(self, r: dict[str, Any]) -> bool:
        """Whether a row of `sales.sales` or `sales.refunds` is of such a day; then it is kept to be named."""
        why = self._why(r["day"])
        if "back" in r:
            back = self._why(r["back_day"]) if r["back_day"] else ""
            why = f"refunds of sales {why}" if why else back.replace("of", "paid back", 1) if back else ""
        if why:
            self._rows[why].append(r)
        return bool(why)

    def _why(self, day: date) -> str:
        if not self._numbers or any(i.since <= day <= (i.until or FAR) for i in self._numbers):
            return ""
        over = [i.until for i in self._numbers if i.until and i.until < day]
        if over:
            return f"of after the number's last day, {max(over)}"
        return f"of before the number's first day, {min(i.since for i in self._numbers)}"

    @property
    def said(self) -> list[str]:
        """What is left out, with its sum."""
        return [
            f"{why}: {told([_worth(r) for r in rows])}, in no return of it" for why, rows in sorted(self._rows.items())
        ]


def _worth(r: dict[str, Any]) -> dict[str, Any]:
    return {"n": 1, "worth": r["back"] if "back" in r else r["total"], "currency": r["currency"]}
