"""Rates of import duty of Korea by tariff number: the workbook 관세청_품목번호별 관세율표 of its Customs Service.

data.go.kr 15051179, one row for each number of ten digits and kind of rate, in the columns 품목번호, 관세율구분,
관세율, 단위당세액, 기준가격, 적용국가구분, 용도세율구분, 적용개시일, 적용만료일. They were seen in programs that read
the edition of 2026-02-11 (github.com/SAIL-Engineering/tariff-rate-tracker, `build_kr`, and
github.com/FracturedOrbit1980/HSense, `data/build_tariff.py`); the workbook itself was not had. Kept are the basic rate
(A), the WTO's (C), of which the lower stands, and those of the agreement with China (FCN1), the RCEP (FRC..1) and the
APTA (E1). Rates for a use, quotas and trade remedies are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport, constant, fact_table

ASEAN = "BN ID KH LA MM MY PH SG TH VN"
# Kind of rate -> the measure, and whose goods it is for.
KINDS = {
    "A": ("general", "ALL"),
    "C": ("wto", "ALL"),
    "FCN1": ("china-korea", "CN"),
    "FRCCN1": ("rcep", "CN"),
    "FRCJP1": ("rcep", "JP"),
    "FRCAS1": ("rcep", ASEAN),
    "FRCAU1": ("rcep", "AU"),
    "FRCNZ1": ("rcep", "NZ"),
    "E1": ("apta", "BD CN IN LA LK MN"),
}


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    kinds = pc.utf8_trim_whitespace(frame.text("kind").cast(pa.string()))
    plain = pc.equal(pc.fill_null(frame.text("use").cast(pa.string()), ""), "")
    kept = frame.where(pc.and_(pc.is_in(kinds, pa.array(list(KINDS))), plain))
    if not len(kept):
        return
    of = [KINDS[k.strip()] for k in kept.text("kind").to_pylist()]
    amounts = kept.text("amount").to_pylist()
    shares = kept.convert("rate", _share, pa.string(), "share").to_pylist()
    yield fact_table(
        "tariff",
        kept,
        state["account"],
        market=constant("KR", len(kept)),
        code=kept.convert("code", _code, pa.string(), "code", required=True),
        general=pa.array([_duty(s, a) for s, a in zip(shares, amounts, strict=True)]),
        origins=pa.array([origins for _, origins in of]),
        measure=pa.array([measure for measure, _ in of]),
        valid_from=kept.day("since", "ymd", required=True),
        valid_to=kept.day("until", "ymd"),
    )


def _code(text: str) -> str:
    clean = "".join(c for c in text if c.isdigit())
    if len(clean) != 10:
        raise ValueError("not a tariff number of ten digits")
    while len(clean) > 6 and clean.endswith("00"):  # a number ends where only noughts follow
        clean = clean[:-2]
    return clean


def _share(text: str) -> str:
    number = float(text)
    if not 0 <= number < 10_000:
        raise ValueError("no rate in percent")
    return f"{number:g}"


def _duty(share: str | None, amount: str | None) -> str | None:
    """A share as "13%"; an amount for a unit, whose unit the table does not name, stays as it is printed. None where
    neither is told: no rate is known then."""
    if amount and amount.strip() not in ("", "0"):
        return f"see the tariff: {share or 0}% / {amount} KRW"
    return None if share is None else "Free" if share == "0" else f"{share}%"


SOURCE = TableReport(
    name="kr_tariff",
    title="Korea's rates by tariff number (관세청 품목번호별 관세율표)",
    columns={
        "code": ("품목번호",),
        "kind": ("관세율구분",),
        "rate": ("관세율",),
        "amount": ("단위당세액",),
        "country": ("적용국가구분",),
        "use": ("용도세율구분",),
        "since": ("적용개시일",),
        "until": ("적용만료일",),
    },
    required=("code", "kind", "rate", "since"),
    build=_build,
    account="KR",
    example="품목번호,관세율구분,관세율,단위당세액,기준가격,적용국가구분,용도세율구분,적용개시일,적용만료일\n"
    "6110200000,A,13,,,1,,20260101,20261231",
)
