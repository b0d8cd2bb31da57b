"""What a book says of its watch: `[watch]` in book.toml, whose limits hold, in whose days, and what each rule takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crossbook.book import Book
from crossbook.errors import CrossbookError
from crossbook.identifiers import account_of
from crossbook.watch.history import figures

LAWS = ("CN", "US", "EU", "FATF")
# What reports ask of who reports: name and place, the numbers that authorities gave (goAML's, CAMLMAC's, FinCEN's), the
# currency and language of a goAML report.
REPORTER = (
    "name",
    "contact",
    "phone",
    "address",
    "city",
    "state",
    "zip",
    "country",
    "rentity_id",
    "rentity_branch",
    "reporting_user_code",
    "ricd",
    "rpnc",
    "tin",
    "tcc",
    "currency",
    "language",
)
_ZONES = {"CN": "Asia/Shanghai", "US": "America/New_York", "EU": "Europe/Brussels", "FATF": "UTC"}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`laws` are those whose limits are held against transfers; `zone` is where a day begins; `hubs` are accounts that
    strangers' money passes through, as the book says them and in their one spelling;
    `rules` are figures that the book sets other than usual, by rule:
    what people decided, before what book.toml says."""

    laws: tuple[str, ...] = ("CN",)
    zone: str = "Asia/Shanghai"
    hubs: tuple[str, ...] = ()
    hubs_told: tuple[str, ...] = ()  # the same as book.toml writes them
    own_money: bool = True
    rules: dict[str, dict[str, int]] = field(default_factory=dict)
    stated: dict[str, dict[str, int]] = field(default_factory=dict)  # of these, what book.toml says
    review_days: int = 10  # working days for a first decision on a case: the house's own limit
    reporter: dict[str, str] = field(default_factory=dict)  # who reports: see REPORTER
    four_eyes: bool | None = None  # whether a report needs another's approval; None: where the book has users


def settings_of(book: Book) -> Settings:
    """The settings of a book. Raises CrossbookError for those that cannot be."""
    told = book.config.get("watch", {})
    if not isinstance(told, dict):
        raise CrossbookError("[watch] must be a table", where="book.toml")
    known = {"laws", "zone", "hubs", "own_money", "rules", "review_days", "four_eyes", "reporter"}
    for name in told:
        if name not in known:
            raise CrossbookError(f"[watch] has no {name!r}", where="book.toml", todo=f"use {', '.join(sorted(known))}")
    laws = _texts(told, "laws", ["CN"])
    for law in laws:
        if law not in LAWS:
            raise CrossbookError(
                f"[watch] laws: no limits of {law!r}", where="book.toml", todo=f"use {', '.join(LAWS)}"
            )
    zone = told.get("zone", _ZONES[laws[0]] if laws else "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise CrossbookError(
            f"[watch] zone {zone!r} is not known", where="book.toml", todo='write it as "Asia/Shanghai"'
        ) from None
    own = told.get("own_money", True)
    if not isinstance(own, bool):
        raise CrossbookError("[watch] own_money must be true or false", where="book.toml")
    rules = told.get("rules", {})
    if not isinstance(rules, dict) or not all(isinstance(v, dict) for v in rules.values()):
        raise CrossbookError("[watch.rules.NAME] must be tables", where="book.toml")
    days = told.get("review_days", 10)
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 366:
        raise CrossbookError("[watch] review_days must be a whole number from 1 to 366", where="book.toml")
    eyes = told.get("four_eyes")
    if eyes is not None and not isinstance(eyes, bool):
        raise CrossbookError("[watch] four_eyes must be true or false", where="book.toml")
    reporter = told.get("reporter", {})
    if not isinstance(reporter, dict) or not all(isinstance(v, str) for v in reporter.values()):
        raise CrossbookError("[watch.reporter] must be a table of texts", where="book.toml")
    for name in reporter:
        if name not in REPORTER:
            raise CrossbookError(
                f"[watch.reporter] has no {name!r}", where="book.toml", todo=f"use {', '.join(REPORTER)}"
            )
    held = decided(book)
    hubs = _texts(told, "hubs", [])
    return Settings(
        laws=laws,
        zone=zone,
        hubs=tuple(dict.fromkeys(spelled for hub in hubs for spelled in (hub, account_of(hub)))),
        hubs_told=tuple(dict.fromkeys(hubs)),
        own_money=own,
        rules={name: {**rules.get(name, {}), **held.get(name, {})} for name in (*rules, *held)},
        stated=rules,
        review_days=days,
        reporter=dict(reporter),
        four_eyes=eyes,
    )


def decided(book: Book) -> dict[str, dict[str, int]]:
    """The figures of rules that people decided and did not take back."""
    return {
        rule: {name: int(e.body["value"]) for name, e in found.items()}
        for rule, found in figures(book.journal()).items()
        if found
    }


def _texts(told: dict[str, Any], name: str, usual: list[str]) -> tuple[str, ...]:
    found = told.get(name, usual)
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise CrossbookError(f"[watch] {name} must be a list of texts", where="book.toml")
    return tuple(found)
