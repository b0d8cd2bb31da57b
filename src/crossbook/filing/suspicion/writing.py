"""Making a report on a case in one of its forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError, one_of
from crossbook.filing.suspicion.china import china
from crossbook.filing.suspicion.draft import Asked, Report
from crossbook.filing.suspicion.fincen import fincen
from crossbook.filing.suspicion.goaml import goaml
from crossbook.printable import printable
from crossbook.watch.casefile import case_file
from crossbook.watch.narrative import LANGUAGES, narrative
from crossbook.watch.settings import settings_of


def _text(asked: Asked) -> Report:
    """The narrative in both languages, one behind the other."""
    told = "\n\n".join(asked.stories[language] for language in LANGUAGES) + "\n"
    return Report(
        name=f"case-{asked.told.case.id}.txt",
        data=printable(told).encode(),
        media_type="text/plain; charset=utf-8",
        missing=(),
    )


FORMS: dict[str, Callable[[Asked], Report]] = {"goaml": goaml, "china": china, "fincen": fincen, "text": _text}


def report(database: Database, book: Book, case: str, form: str, on: date) -> Report:
    """The report on a case, to check and complete. Raises NotFoundError for a case that there is not, CrossbookError
    for a form that there is not, for a case that no rule calls any more, for a form of transfers where the case rests
    on orders alone, and for a SAR of what is no suspicion."""
    one_of("form", form, tuple(FORMS))
    told = case_file(database, book, case)
    if told.case.status == "not called":
        raise CrossbookError(f"no rule calls watch case {case} any more", todo="there is nothing to report of it now")
    if not told.transfers and form != "text":
        raise CrossbookError(
            f"watch case {case} rests on orders alone, and {form} reports transfers: none is in it",
            todo="write its story with --form text, or add the transfers of the account on which the orders were paid",
        )
    if form == "fincen" and told.case.report == "large":
        raise CrossbookError(
            f"watch case {case} is a large value, and no suspicion: FinCEN takes it as a CTR",
            todo="write that in BSA E-Filing; this writes suspicious activity reports",
        )
    stories = {language: narrative(told, language) for language in LANGUAGES}
    return FORMS[form](Asked(told=told, stories=stories, reporter=settings_of(book).reporter, on=on))
