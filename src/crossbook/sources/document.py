"""Documents that another authority sent, or was sent: kept as they are, and nothing is read of them."""

from __future__ import annotations

from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition


class Document:
    """The source for whatever is kept as it is. No file is taken for one by its looks; who adds it says so."""

    name = "document"
    title = "Documents of a joint case, kept as they are"
    example = "%PDF-1.7 …"

    def recognise(self, head: Head) -> Recognition:
        return Recognition(0.0, "documents are named as such by who adds them")

    def read(self, reading: Reading) -> Facts:
        yield rows_table("letter", [{"line": 1, "page": "1", "text": ""}])


DOCUMENT = Document()
