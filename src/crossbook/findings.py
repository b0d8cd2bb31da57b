"""The one shape of every finding, whatever desk makes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

Reference = tuple[str, int]  # evidence (SHA-256), line


@dataclass(frozen=True)
class Finding:
    """What a desk found of a subject, and why.

    `amount` is in minor units of `currency`; `because` holds the rows that it rests on. `as_of` is the day for which
    it holds, None when it does not depend on one.
    """

    desk: str
    rule: str
    subject: str
    verdict: str
    amount: int | None
    currency: str | None
    because: tuple[Reference, ...] = ()
    as_of: date | None = None


def as_table(findings: Iterable[Finding]) -> pa.Table:
    """Findings as a table with a column a field; money in minor units."""
    import pyarrow as pa

    schema = pa.schema(
        [
            ("desk", pa.string()),
            ("rule", pa.string()),
            ("subject", pa.string()),
            ("verdict", pa.string()),
            ("amount", pa.int64()),
            ("currency", pa.string()),
            ("because", pa.list_(pa.struct([("evidence", pa.string()), ("line", pa.int64())]))),
            ("as_of", pa.date32()),
        ]
    )
    rows = [
        {
            "desk": f.desk,
            "rule": f.rule,
            "subject": f.subject,
            "verdict": f.verdict,
            "amount": f.amount,
            "currency": f.currency,
            "because": [{"evidence": evidence, "line": line} for evidence, line in f.because],
            "as_of": f.as_of,
        }
        for f in findings
    ]
    return pa.Table.from_pylist(rows, schema=schema)
