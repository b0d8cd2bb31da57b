"""How people decide: one mechanism for all desks.

A kind of decision (`kind.py`) says what it asks, what it checks against the facts, what it will change, when it is
refused, when it needs a second yes and how it is taken back. `deciding.py` looks, compares and appends in one
transaction; `standing.py` folds the journal; `telling.py` makes sentences of it. What may be decided stands in one file
each: of the book itself here (`file.py`, `approval.py`, `reading.py`), of a desk in its own folder `deciding`, found
through the entry points of the group `crossbook.decisions`.
"""

from crossbook.decisions.deciding import decide, look, look_back, taken_back, undo
from crossbook.decisions.errors import AskedError, ChangedError, RefusedError, UndecidedError
from crossbook.decisions.kind import Asked, Choice, Kind, Look, Objection, Opened, Question, Rival, Wish
from crossbook.decisions.registry import kind_of, kinds
from crossbook.decisions.standing import by, standing

__all__ = [
    "Asked",
    "AskedError",
    "ChangedError",
    "Choice",
    "Kind",
    "Look",
    "Objection",
    "Opened",
    "Question",
    "RefusedError",
    "Rival",
    "UndecidedError",
    "Wish",
    "by",
    "decide",
    "kind_of",
    "kinds",
    "look",
    "look_back",
    "standing",
    "taken_back",
    "undo",
]
