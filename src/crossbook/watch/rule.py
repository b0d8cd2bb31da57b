"""What a rule of the watch desk is."""

from __future__ import annotations

from dataclasses import dataclass, field

from crossbook.errors import CrossbookError

GRAVITY = ("report", "high", "medium", "low")  # from what must be reported to what is looked at last
MOST = 10**15  # of a figure: in whatever units, no rule asks for more
ENDS = {"_percent": 100, "_per_mille": 1000, "score": 100}  # of those whose names end so, the whole is the most


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One pattern to find in transfers.

    `sql` is a SELECT of `subject` (a party, or what several share), `what` (what it broke, a text), `since` (a day
    number that tells one finding on a subject from the next), `id` (a transfer that it rests on) and `certain` (whether
    all that the rule asks is known). It reads `leg`, a row for each side of a transfer in the window (`watch_leg` has
    its columns), and `threshold`; {names} in it are `settings`, whole numbers. A rule of `links` reads the chains, too,
    which the extra `watch` makes; one of `names` reads `watch_listed`, hits of names on lists; one of `trades` reads
    what `trading.py` lays down, and its rows have a `trade`, an order that they rest on (then `id` may be null).
    `needs` are what the rule says where there is nothing for it to look at, and a SELECT that has a row where there is:
    no rule runs where there are no transfers, and one with such a need none where no file tells what it asks.
    `left_out` says of whom the rule does not look at, and counts them (a SELECT of `n`, with the same figures).
    `source` says where the rule comes from: a law, a publication, practice; `unless` what would have to be otherwise
    for it not to call; `unsure` why what it calls may not be certain.
    """

    title: str
    why: str
    source: str
    todo: str
    unless: str
    gravity: str
    sql: str
    settings: dict[str, tuple[int, str]] = field(default_factory=dict)  # usual figure, and what it is
    most: dict[str, int] = field(default_factory=dict)  # the greatest a figure can be, where its name does not tell it
    links: bool = False
    needs: tuple[str, str] = ("", "")
    left_out: tuple[str, str] = ("", "")
    names: bool = False
    trades: bool = False
    unsure: str = ""
    name: str = ""

    def figures(self, given: dict[str, int]) -> dict[str, int]:
        """The figures that hold, those of a book among them. Raises CrossbookError for those that cannot be."""
        for name, value in given.items():
            if name not in self.settings:
                known = ", ".join(sorted(self.settings)) or "none"
                raise CrossbookError(f"rule {self.name} has no figure {name!r}", todo=f"it has {known}")
            most = self.most.get(name) or next((n for end, n in ENDS.items() if name.endswith(end)), MOST)
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
                what = f"rule {self.name}: {name} must be a whole number from 1 to {most}"
                raise CrossbookError(what, todo="correct it")
        return {name: given.get(name, usual) for name, (usual, _) in self.settings.items()}

    def select(self, given: dict[str, int]) -> str:
        """The SELECT with its figures."""
        return self.sql.format(**self.figures(given))

    def counted_out(self, given: dict[str, int]) -> str:
        """The SELECT that counts whom the rule does not look at, with its figures."""
        return self.left_out[1].format(**self.figures(given))
