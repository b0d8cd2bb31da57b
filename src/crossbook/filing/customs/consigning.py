"""The messages of a consignment that are to be written: each once, and what stands in the way of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.filing.customs import gather, sending
from crossbook.filing.customs.consigned import elsewhere
from crossbook.filing.customs.consignment import Consignment, made
from crossbook.filing.customs.message import Document, Problem, Written
from crossbook.filing.customs.settings import Customs
from crossbook.filing.customs.steps import of_list
from crossbook.filing.customs.trade import UNSAID


@dataclass(frozen=True)
class Ready:
    """Trades whose lists a step takes, by carrier; of the others, how many lack what."""

    by_carrier: dict[str, tuple[str, ...]]
    lacking: dict[str, int]


def messages(
    database: Database, book: Book, customs: Customs, told: Consignment, numbers: Sequence[str], at: datetime
) -> tuple[list[Written], list[Problem]]:
    """The messages of a consignment that were not written yet, and what is wanting. Needs the publication `verdict`."""
    known = {x.order_id: x for x in gather.trades(database, customs, orders=told.orders, declared=True)}
    inside = [known[o] for o in told.orders if o in known]
    documents: list[Document] = []
    wanting: list[Problem] = []
    others = elsewhere(book, database, told.bill)
    for number in numbers:
        found, problems = made(number, told, inside, customs, at, others)
        documents += [] if problems else found
        wanting += problems
    fresh = [
        sending.Planned(number=d.number, reference=d.reference, order_id="", state="ready", document=d)
        for d in sending.once_more(documents, book, database)
    ]
    return sending.messages(customs, fresh, at), wanting


def ready(database: Database, customs: Customs, number: str) -> Ready:
    """Which trades a step may take, by what customs said of their lists. Needs the publication `verdict`."""
    found: dict[str, list[str]] = {}
    lacking: Counter[str] = Counter()
    for t in gather.trades(database, customs, declared=True):
        if t.list_state is None:
            continue  # no list of it was ever answered: its turn is the list's own
        against = [*t.sale, *t.waybill, *of_list(number, t, customs)]
        if against or not t.carrier:
            lacking[against[0].why if against else UNSAID] += 1
        else:
            found.setdefault(t.carrier, []).append(t.order_id)
    return Ready({c: tuple(o) for c, o in sorted(found.items())}, dict(lacking))


def example(customs: Customs, carrier: str, orders: Sequence[str]) -> str:
    """A consignment to fill in, as TOML, of one carrier's orders."""
    listed = ",\n  ".join(f'"{o}"' for o in orders)
    return f'''bill = ""
voyage = ""
vessel = ""
domestic_vehicle = ""
carrier = "{carrier}"
leave_time = ""
summary_flag = ""
item_name_flag = ""
operator = {{ code = "", name = "" }}
broker = {{ code = "{customs.agent.code}", name = "{customs.agent.name}" }}
orders = [
  {listed}
]
'''
