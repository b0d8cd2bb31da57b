"""What a person reads before saying yes: currencies and countries by the names that people use."""

from __future__ import annotations

from crossbook.book import Book
from crossbook.filing.customs import preview, sending
from crossbook.filing.customs.settings import customs_of
from crossbook.web.pages.customs import shown
from tests.filing.customs.mailboxes import NOW, configured, listed


def test_codes_are_shown_with_what_they_mean(book: Book) -> None:
    """Customs' code of the dollar is 502, that of the United States too."""
    book = configured(book, "")
    messages = sending.messages(
        customs_of(book), [sending.Planned("603", "A1", "A1", "ready", listed(book, "A1"))], NOW
    )
    (row,) = preview.rows(messages)
    told = {x.name_zh: x.value for x in row.told}
    assert "USD (502)" in told.values() and "US (502)" in told.values()
    assert not shown(book, messages).by_mailbox
    assert shown(configured(book), messages).by_mailbox and not shown(book, []).by_mailbox
