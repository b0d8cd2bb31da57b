"""Columns of few words beside the money of a statement that nothing is read of: they may say which rows moved no money,
or which way it went."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crossbook.sources import line_types
from crossbook.sources.table import days, directions
from crossbook.sources.table.amounts import is_amount

MOST = 6  # different words in such a column
_TELLS = re.compile(
    r"标志|標誌|标识|结果|結果|状态|狀態|冲正|冲销|撤销|有效|是否|收支|收付|借贷|方向|flag|indicator|"
    r"kennzeichen|status|statut|estado|result|revers|storno|void|cancel|direction|"
    r"\bsign\b|\bsens\b|\bsegno\b|\bsigno\b|vorzeichen",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"退回|退汇|退票|冲正|冲销|撤销|作废|失败|未成功|取消|预授权|fail|cancel|revers|reject|return|declin|void|pending|"
    r"storn|vorgemerkt|abgelehnt|annul|refus|rejet|rechaz|devuelt|anulad|rifiut|stornat|geweigerd|返却",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"对账|勾对|发票|打印|回单|导出|reconcil|invoice|match|print|export|币|currency|währung", re.IGNORECASE
)


@dataclass(kw_only=True)
class Flags:
    """The words of each such column (by place), and the first line of each word. `places` are those to be looked at."""

    header: Sequence[str]
    places: list[int]
    found: dict[int, dict[str, int]] = field(default_factory=dict)

    def look(self, line: int, cells: Sequence[str]) -> None:
        """Take note of a row; a column with too many words, or with sums and days, is none."""
        for place in tuple(self.places):
            text = cells[place].strip() if place < len(cells) else ""
            words = self.found.setdefault(place, {})
            if text in words:
                continue
            if len(words) == MOST or len(text) > 20 or _is_data(text):
                self.places.remove(place)
                del self.found[place]
            else:
                words[text] = line

    def doubtful(self) -> Iterator[tuple[str, str, int, bool]]:
        """Of each column that may tell: its header, the word that stands out, its first line, and whether that is for a
        row that moved no money; all words for that, if it has several."""
        not_done = line_types.statuses()[1]
        for place, words in self.found.items():
            header = self.header[place]
            told = [w for w in words if w]
            if len(words) < 2 or not told or _HARMLESS.search(header):
                continue
            undone = [w for w in told if _UNDONE.search(w) or line_types.plain(w) in not_done]
            codes = all(len(w) <= 2 for w in told) and any(w.isascii() for w in told)
            if directions.told(header, told) is not None:
                continue  # it says the way of the money that is read already, or balances tell
            if not undone and not (_TELLS.search(header) and (codes or len(told) > 1)):
                continue
            for word in undone or [max(told, key=lambda w: words[w])]:
                yield header, word, words[word], bool(undone)


def _is_data(text: str) -> bool:
    return (len(text) > 2 and is_amount(text)) or days.is_day(text)
