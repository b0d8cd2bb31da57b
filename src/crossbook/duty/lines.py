"""A line of a tariff schedule as it stood between two days, a whole schedule as of a day,
and codes as people write them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from crossbook.duty.expressions import Duty, by_programme, parse
from crossbook.errors import CrossbookError


@dataclass(frozen=True, slots=True)
class TariffLine:
    """A line goods are declared on, as it stood between two days. Duties are texts of the schedule."""

    code: str
    since: date
    until: date | None
    path: str
    general: str
    special: str
    other: str
    units: tuple[str, ...]
    footnotes: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The code as people write it, 7326.90.8688."""
        return dotted(self.code)

    def column(self, name: str) -> Duty:
        """The duty of column "general" or "other". Raises CrossbookError when the text cannot be read."""
        text = self.general if name == "general" else self.other
        try:
            return parse(text)
        except ValueError as error:
            raise CrossbookError(f"{self.shown}, column {name}: {error}", todo="ask a broker for this line") from None

    def specials(self) -> dict[str, Duty]:
        """The special column by programme symbol; what cannot be read of it is left out."""
        try:
            return by_programme(self.special) if self.special else {}
        except ValueError:
            return {}


@dataclass(frozen=True, slots=True)
class Revision:
    """A whole schedule as in force from a day, its lines by code."""

    since: date
    codes: list[str]
    lines: list[TariffLine]

    def under(self, prefix: str) -> list[TariffLine]:
        """Lines whose code starts with `prefix`."""
        return self.lines[bisect_left(self.codes, prefix) : bisect_left(self.codes, prefix + ":")]


def dotted(code: str) -> str:
    """7326908688 as 7326.90.8688."""
    if len(code) > 6:
        return f"{code[:4]}.{code[4:6]}.{code[6:]}"
    parts = [code[:4], code[4:6]]
    return ".".join(p for p in parts if p)


def digits(code: str) -> str:
    """The digits of a code as typed. Raises CrossbookError when it is none."""
    plain = code if code.isascii() else normalize("NFKC", code)
    clean = plain.strip().replace(".", "").replace(" ", "").replace("-", "")
    if not clean.isascii() or not clean.isdigit() or len(clean) > 10:
        raise CrossbookError(f"not a tariff code: {code!r}", todo="write digits, with or without dots: 7326.90.8688")
    return clean
