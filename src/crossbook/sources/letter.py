"""Letters, complaints and court orders as PDF with text: court, docket, parties, listings,
marks and days named in it."""

from __future__ import annotations

import logging
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources.document import DOCUMENT
from crossbook.sources.letter_words import read_text
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition

MOST_PAGES = 400
MOST_DRAWN = 24 << 20  # bytes of what the pages draw, unpacked; a printed page has five to twenty thousand
MOST_TEXT = 2_000_000  # characters


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

_DAMAGED = "the PDF is damaged"
_HOW = {  # by what the reader raises
    "LimitReachedError": "a part of the PDF unpacks to too much",
    "DependencyError": "the PDF is locked in a way that is not read",
    "RecursionError": "the PDF nests too deeply",
    "MemoryError": "reading the PDF takes too much memory",
}


def _pages(reading: Reading) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with reading.path.open("rb") as file:
        if not file.read(1024).lstrip().startswith(b"%PDF-"):
            raise CrossbookError(
                "this is no PDF", where=reading.name, todo="print it to a PDF, as an e-mail can be, and give that"
            )
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
            _HOW.get(type(error).__name__, _DAMAGED),
            where=reading.name,
            todo="save it again",
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
