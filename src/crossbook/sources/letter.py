"""Letters, complaints and court orders as PDF with text: court, docket, parties, listings,
marks and days named in it."""

from __future__ import annotations

import logging
import re
from datetime import date, datetime
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources.document import DOCUMENT
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition

MOST_PAGES = 400
MOST_DRAWN = 24 << 20  # bytes of what the pages draw, unpacked; a printed page has five to twenty thousand
MOST_TEXT = 2_000_000  # characters
_STATES = {
    "ILLINOIS": "IL",
    "NEW YORK": "NY",
    "FLORIDA": "FL",
    "CALIFORNIA": "CA",
    "TEXAS": "TX",
    "NEW JERSEY": "NJ",
    "PENNSYLVANIA": "PA",
    "GEORGIA": "GA",
    "VIRGINIA": "VA",
    "WASHINGTON": "WA",
    "DELAWARE": "DE",
    "NEVADA": "NV",
}
_COURT = re.compile(
    rf"((?:(?:NORTHERN|SOUTHERN|EASTERN|WESTERN|MIDDLE|CENTRAL)\s+)?DISTRICT OF ({'|'.join(_STATES)}))\b", re.IGNORECASE
)
_DOCKET = re.compile(r"\b(\d{1,2}:\d{2}-cv-\d{3,6}|\d{2}-cv-\d{3,6}|337-TA-\d{3,5})\b", re.IGNORECASE)
_PLAINTIFF = re.compile(r"Plaintiffs?\b")
_BEFORE, _NEAR, _TRIED = re.compile(r"([A-Z0-9][^\n]{2,120}),?\s{0,3}\Z"), 126, 50
_LISTING = re.compile(r"\b(B0[A-Z0-9]{8})\b")
_MARK = re.compile(r"(?:Reg(?:istration)?\.?\s?(?:No|Number|Nos)?s?\.?\s?)(\d{1,2}[,.]?\d{3}[,.]?\d{3})", re.IGNORECASE)
_DAY = re.compile(
    r"\b((?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{1,2},\s+\d{4})"
)
_DAY_ZH = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


class Letter:
    """The source for PDFs that somebody sent. What they say is told as read, page by page; nothing is decided on it."""

    name = "letter"
    title = "Letters, complaints and court orders (PDF with text)"
    example = "%PDF-1.7 … IN THE UNITED STATES DISTRICT COURT FOR THE NORTHERN DISTRICT OF ILLINOIS …"
    also = (DOCUMENT,)

    def recognise(self, head: Head) -> Recognition:
        if head.raw[:1024].lstrip().startswith(b"%PDF-"):
            return Recognition(0.7, "a PDF")
        return Recognition(0.0, "not a PDF")

    def read(self, reading: Reading) -> Facts:
        pages = _pages(reading)
        whole = "\n".join(pages)
        if not whole.strip():
            raise CrossbookError(
                "the PDF has no text; it is a scan",
                where=reading.name,
                todo="have its words read (OCR) and add that PDF, "
                "or open the case with typed facts: crossbook cases new",
            )
        found = read_text(whole)
        yield rows_table(
            "letter", [{"line": n, "page": str(n), "text": page, **found} for n, page in enumerate(pages, 1)]
        )


SOURCE = Letter()


def _pages(reading: Reading) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(reading.path)
        if reader.is_encrypted:
            raise CrossbookError("the PDF is locked with a password", where=reading.name, todo="save it without one")
        if len(reader.pages) > MOST_PAGES:
            raise CrossbookError(
                f"the PDF has {len(reader.pages)} pages, more than {MOST_PAGES}", where=reading.name, todo="split it"
            )
        _refuse_overdrawn(reader, reading.name)
        pages = [(page.extract_text() or "").replace("\x00", "") for page in reader.pages]
    except CrossbookError:
        raise
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        OSError,
        RecursionError,
        NotImplementedError,
        OverflowError,
        MemoryError,
        AssertionError,
    ) as error:
        raise CrossbookError(
            f"the PDF cannot be read ({type(error).__name__})", where=reading.name, todo="save it again"
        ) from None
    if (count := sum(map(len, pages))) > MOST_TEXT:
        raise CrossbookError(f"the PDF has {count:,} characters of text", where=reading.name, todo="split it")
    return pages


def _refuse_overdrawn(reader: Any, name: str) -> None:
    """Raise CrossbookError for pages that draw more than can be read in a reasonable time; a page may draw what others
    do, so that a small file holds endlessly much."""
    drawn = 0
    for number, page in enumerate(reader.pages, 1):
        contents = page.get_contents()
        drawn += len(contents.get_data()) if contents is not None else 0
        if drawn > MOST_DRAWN:
            raise CrossbookError(
                f"the PDF draws more than {MOST_DRAWN >> 20} MB up to page {number}, too much to read",
                where=name,
                todo="print it to a new PDF, or split it",
            )


def read_text(text: str) -> dict[str, Any]:
    """What the words of a letter name: court, state, docket, plaintiff, listings, marks, days; None where nothing."""
    text = re.sub(r"[^\S\n]+", " ", text)  # no pattern meets a long run of blanks
    text = re.sub(r" ?\n\s*", "\n", text)
    court = _COURT.search(re.sub(r"\s+", " ", text))
    docket = _DOCKET.search(text)
    plaintiff = _plaintiff(text)
    days = sorted({*_english(text), *_chinese(text)})
    marks = sorted({re.sub(r"[,.]", "", m) for m in _MARK.findall(text)})
    return {
        "court": court[1].strip().title() if court else None,
        "state": _STATES.get(court[2].upper()) if court else None,
        "docket": docket[1].lower() if docket and "cv" in docket[1].lower() else docket[1] if docket else None,
        "plaintiff": plaintiff,
        "listings": " ".join(sorted(set(_LISTING.findall(text)))) or None,
        "marks": " ".join(marks) or None,
        "days": " ".join(d.isoformat() for d in days) or None,
    }


def _plaintiff(text: str) -> str | None:
    """What stands before the word Plaintiff, on its line or the one above."""
    for match, _ in zip(_PLAINTIFF.finditer(text), range(_TRIED), strict=False):
        if found := _BEFORE.search(text[max(0, match.start() - _NEAR) : match.start()]):
            return re.sub(r"\s+", " ", found[1]).strip(" ,")
    return None


def _english(text: str) -> list[date]:
    found = []
    for told in _DAY.findall(text):
        try:
            found.append(datetime.strptime(re.sub(r"\s+", " ", told), "%B %d, %Y").date())  # noqa: DTZ007 - a day
        except ValueError:
            continue
    return found


def _chinese(text: str) -> list[date]:
    found = []
    for year, month, day in _DAY_ZH.findall(text):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found
