"""Proposing what is particular to a balance's table: what its type words mean, which columns of amounts make a row's
sum, how fees stand to it and which way money went where no amount has a sign."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources import header_words, settlement_spec
from crossbook.sources import line_types as types
from crossbook.sources.table import days, directions, owner
from crossbook.sources.table.amounts import bare, is_amount
from crossbook.sources.weighing import Trial, trial

ROWS = 200  # that patterns of texts are sought in
Column = Callable[[str], list[str]]  # the cells below a header


def words(column: Sequence[str]) -> dict[str, str]:
    """What each type word is: sure, a guess, or nothing, in the order in which they come. Words that differ in their
    numbers alone ("Order 31 commission") are one with `*` for these, and no more than a guess."""
    told = [word for word in dict.fromkeys(w.strip() for w in column) if word]
    alike = Counter(map(numberless, told))
    found: dict[str, str] = {}
    for word in told:
        with_stars = numberless(word)
        if alike[with_stars] > 1:
            found[with_stars] = _guessed(with_stars)
        else:
            found[word] = types.proposed(word) if with_stars == word else _guessed(with_stars)
    return found


def numberless(text: str) -> str:
    """A text with `*` for each word that has a figure; as it is where nothing else is in it, or where a `*` is."""
    if "*" in text:
        return text
    parts = ["*" if any(map(str.isdecimal, part)) else part for part in re.split(r"(\s+)", text.strip())]
    starred = re.sub(r"\*(?:\s+\*)+", "*", "".join(parts))
    return starred if any(c.isalpha() for c in starred) else text


_OF_AN_ORDER = re.compile(r"(?i)^(?:order|bestellung|commande|pedido|ordine|encomenda|订单|注文)\W*(?=\w)")


def _guessed(starred: str) -> str:
    """The guess of a kind by a text's words but its numbers: of "Order * shipping label" by those behind the order."""
    text = _words_of(starred)
    kind = types.proposed(_OF_AN_ORDER.sub("", text))
    return f"{(kind if kind != types.GUESS else types.proposed(text)).removesuffix(types.GUESS)}{types.GUESS}"


def _words_of(starred: str) -> str:
    return " ".join(starred.replace("*", " ").split())


MOST_WORDS = 30  # different ones in a column of descriptions that says what rows are
_DESCRIBES = re.compile(
    r"descri|beschreib|bezeichnung|libell|concepto|detalle|details?\b|fee name|memo|opis\b|omschr|"
    r"描述|说明|摘要|备注|明细|内容|項目",
    re.IGNORECASE,
)


def described(headers: Sequence[str], column: Column, named: str | None = None) -> str | None:
    """The column whose words say what each row is, where none is `named` for it or none of that one's words is known:
    one of descriptions of which most rows are known, or any whose every row is; None where there is none."""
    if named is not None and any(types.proposed(w) != types.GUESS for w in column(named)):
        return None
    found: list[tuple[int, int, str]] = []
    for header in dict.fromkeys(h for h in headers if h and h != named):
        texts = [t.strip() for t in column(header)]
        told = Counter(numberless(t) for t in texts if t)
        sure = sum(n for word, n in told.items() if types.shipped(word))
        known = sum(n for word, n in told.items() if types.proposed(_words_of(word)) != types.GUESS)
        describes = _DESCRIBES.search(header) and len(told) <= MOST_WORDS and 2 * known >= len(texts)
        if known and (describes or (sure == len(texts) and len(told) > 1)):
            found.append((sure, known, header))
    return max(found, key=lambda f: f[:2])[2] if found else None


def sides(columns: dict[str, str], headers: Sequence[str], column: Column) -> dict[str, str]:
    """The columns of a wallet, where each of its two columns of amounts has one of currencies: what left and what came
    in each row, both of a conversion."""
    if {"amount", "currency", "to_amount", "to_currency"} <= set(columns) and "from_amount" not in columns:
        pairs = zip(column(columns["amount"]), column(columns["to_amount"]), strict=True)
        if any(came.strip() and not left.strip() for left, came in pairs):  # that amount is of what left
            named = {"amount": "from_amount", "currency": "from_currency"}
            return {named.get(n, n): h for n, h in columns.items()}
    told = {n: columns[n] for n in ("debit", "credit") if n in columns}
    coded = [h for h in dict.fromkeys(headers) if h and _codes(column(h))]
    if len(told) < 2 or len(coded) != 2:
        return columns
    own = {n: max(coded, key=lambda h: _alike(h, header)) for n, header in told.items()}
    if own["debit"] == own["credit"]:
        return columns
    rest = {n: h for n, h in columns.items() if n not in ("debit", "credit", "currency") and h not in coded}
    two = {"from_amount": told["debit"], "from_currency": own["debit"]}
    return {**rest, **two, "to_amount": told["credit"], "to_currency": own["credit"]}


def _codes(texts: Sequence[str]) -> bool:
    """Whether a column has currencies alone."""
    values = {t.strip() for t in texts} - {""}
    return bool(values) and all(owner.code(v) for v in values)


def _alike(one: str, other: str) -> int:
    """How many letters two headers have in common at their beginnings and ends."""
    same = [
        sum(1 for _ in takewhile(lambda p: p[0] == p[1], zip(a, b, strict=False)))
        for a, b in ((one, other), (one[::-1], other[::-1]))
    ]
    return sum(same)


# A number behind the word for an order, as platforms write it in a text: "Order #31", "Bestellung Nr. 31".
_ORDER = (
    r"(?i:order|bestellung|commande|pedido|ordine|encomenda|zamówienie|bestelling|订单|注文)"
    r"\s*(?i:n[°ºo]\.?|n\.º|nr\.?|no\.?|号|编号|番号)?\s*[:：]?\s*#?\s*([0-9][0-9-]{4,})"
)


def order_in_text(headers: Sequence[str], column: Column) -> str | None:
    """A pattern for the order's number, where no column has it and some text of the rows does; None where none does."""
    cells = (text for header in dict.fromkeys(headers) if header for text in column(header)[:ROWS])
    found = Counter(text[m.start() : m.start(1)].lower() for text in cells if (m := re.search(_ORDER, text)))
    return f"(?i){_literal(found.most_common(1)[0][0])}([0-9-]+)" if found else None


def payout_in_text(headers: Sequence[str], net: Sequence[str], column: Column) -> tuple[str, list[int]] | None:
    """A pattern for the sum of payouts, and their places, where all rows without an amount state one in a text with the
    same words behind it; None where they do not, or another row has such words."""
    empty = [i for i, text in enumerate(net) if not bare(text)[0]]
    for header in dict.fromkeys(h for h in headers if h) if empty else ():
        cells = column(header)
        found = [re.search(r"[0-9][0-9.,]*[.,][0-9]{2}(?![0-9])", cells[i]) for i in empty]
        behind = {cells[i][m.end() :] for i, m in zip(empty, found, strict=True) if m}
        if len(behind) == 1 and all(found) and sum(any(c.isalpha() for c in text) for text in behind):
            pattern = f"([0-9][0-9.,]*){_literal(behind.pop())}"
            if sum(bool(re.search(pattern, text)) for text in cells) == len(empty):
                return pattern, empty
    return None


def payout_above(above: Sequence[Sequence[str]], columns: Collection[str]) -> dict[str, str]:
    """The labels of a payout's number, sum and day in the lines above a table, where no column has its number and
    exactly one label stands for each; empty without a number and a sum."""
    if {"payout_id", "total"} & set(columns):
        return {}
    told = header_words.words()
    words = {
        "id": told["settlement"]["payout_id"],
        "total": (*told["settlement"]["total"], *told["payout"]["amount"][:2], *_SUMS),
        "paid_on": told["settlement"]["paid_on"],
    }
    found: dict[str, list[str]] = {what: [] for what in words}
    for row in above:
        cells = [c for c in row if c]
        for i, cell in enumerate(cells):
            label, _, value = re.sub("：", ":", cell).partition(":")
            value = value.strip() or (cells[i + 1] if i + 1 < len(cells) else "")
            plain = " ".join(label.split()).lower()
            for what, known in words.items():
                fits = _FITS[what](value)
                if fits and plain in {w.removeprefix("=") for w in known}:
                    found[what].append(label.strip())
    labels = {what: names[0] for what, names in found.items() if len(names) == 1}
    return labels if {"id", "total"} <= set(labels) else {}


# A payout's own sum above its lines, in the words of the column "payout amount" of `words.toml`.
_SUMS = (
    "auszahlungsbetrag",
    "montant du versement",
    "importe del pago",
    "importo del pagamento",
    "振込金額",
    "valor do repasse",
)
_FITS: dict[str, Callable[[str], bool]] = {
    "id": lambda value: any(c.isdigit() for c in value),
    "total": is_amount,
    "paid_on": days.is_day,
}


def _literal(text: str) -> str:
    return re.sub(r"\\([ #])", r"\1", re.escape(text))


def rivals(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The other readings of a balance's amounts: with fees apart from them, with signs by their types."""
    columns = spec["columns"]
    if settlement_spec.has_fees(spec):
        yield _with(spec, "fees", "apart")
        if spec["kind"] == "settlement":
            yield _with(spec, "fees", "added")
    if "credit" not in columns and "direction" not in spec and "type" in columns and "sign" not in spec:
        yield _with(spec, "sign", "type")
    if "credit" in columns and "amount" not in columns:
        yield _with(spec, "red", True)


def _with(spec: dict[str, Any], setting: str, value: Any) -> dict[str, Any]:
    other = copy.deepcopy(spec)
    at = list(other).index("columns")
    items = list(other.items())
    return dict([*items[:at], (setting, value), *items[at:]])


def weighed(path: Path, name: str, spec: dict[str, Any]) -> Trial:
    """The reading that the table's own proofs hold for. Signs go by types only where no amount has a minus though there
    are lines that take money."""
    own_rows = any(kind.startswith("fee") for kind in spec.get("types", {}).values())
    if settlement_spec.has_fees(spec) and not own_rows:
        # a withdrawal's fee is told from what arrives, unless it has a row of its own
        spec = _with(spec, "fees", "within")
    first = trial(path, name, spec)
    found = [first]
    for other in rivals(spec):
        if other.get("sign") == "type" and not (first.followed.ledger.unsigned and first.followed.ledger.contrary()):
            continue
        try:
            found.append(trial(path, name, other))
        except CrossbookError:
            continue
    return min(found, key=lambda t: (t.against, len(t.followed.ledger.contrary()), t.bad, -t.held))


def direction(headers: Sequence[str], spec: dict[str, Any], column: Column) -> directions.Direction | None:
    """The column of words for money in and out, where the amounts have no minus and it is not that of the types."""
    if "credit" in spec or "amount" not in spec:
        return None
    if any(bare(t)[0].startswith("-") for t in column(spec["amount"])):
        return None
    for header in dict.fromkeys(h for h in headers if h and h != spec.get("type")):
        values = {t.strip() for t in column(header)} - {""}
        if values and len(values) <= 8 and (told := directions.told(header, values)) is not None:
            return told
    return None
