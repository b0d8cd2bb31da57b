"""A return's own number: member state, number and period; the nine digits of a British number."""

from __future__ import annotations

import pytest

from crossbook.tax.period import period
from crossbook.tax.reference import reference
from crossbook.tax.returned import Return


@pytest.mark.parametrize(
    ("kind", "number", "of", "told"),
    [
        ("oss", "DE136695976", "2025-Q3", "DE/DE136695976/Q3.2025"),
        ("oss", "DE 136 695 976", "2025-Q4", "DE/DE136695976/Q4.2025"),
        ("oss", "EL094259216", "2025-Q1", "EL/EL094259216/Q1.2025"),
        ("oss", "XI674947690", "2021-Q4", "XI/XI674947690/Q4.2021"),  # as HMRC's schema has it
        ("ioss", "IM3720000224", "2025-05", "IE/IM3720000224/M05.2025"),
        ("ioss", "IM2760000007", "2025-12", "DE/IM2760000007/M12.2025"),
        ("ioss", "", "2025-05", ""),
        ("uk_vat", "GB980780684", "2026-Q2", "980780684"),
        ("cn_refund", "91440300MA5D", "2026-05", ""),
    ],
)
def test_the_reference_of_a_return(kind: str, number: str, of: str, told: str) -> None:
    made = Return(
        kind=kind,
        period=period(of),
        currency="EUR",
        number=number,
        lines=(),
        boxes=(),
        total=1,
        due=None,
        source="",
    )
    assert reference(made) == told
