"""A header that stands again among the rows of a report, as where files were joined."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from crossbook.errors import CrossbookError
from crossbook.sources.source import Reading

LEAST = 3  # cells of a row that are headers' texts: so many make a header of other columns


@dataclass(frozen=True)
class Header:
    """The header of a report: its line, the text of each column that is read (`own`), and every text that a header of
    such a report may have (`known`), all as they are compared. By one of `probes`, columns that every such report has,
    rows are looked for: that with the fewest texts."""

    line: int
    own: Mapping[str, str]
    known: Collection[str]
    probes: Sequence[str]

    def left_out(self, table: pa.Table, reading: Reading, *, told: bool) -> pa.Table:
        """A block without the rows that repeat the header, which are noted if `told`.

        Raises CrossbookError for a header of the same words in other places: the rows below it cannot be read by this
        one.
        """
        if not table.num_rows:
            return table
        codes = min((_encoded(table[name]) for name in self.probes), key=lambda c: len(c.dictionary))
        texts = [_plain(text) in self.known for text in codes.dictionary.to_pylist()]
        if not any(texts):
            return table
        likely = np.flatnonzero(np.asarray(texts)[codes.indices.to_numpy(zero_copy_only=False)])
        again = []
        for place, row in zip(likely.tolist(), table.take(pa.array(likely)).to_pylist(), strict=True):
            cells = {name: _plain(row[name]) for name in self.own}
            if cells == dict(self.own):
                again.append(place)
                if told:
                    reading.notes.append(f"line {row['line']} repeats the header: the rows below it are read on")
            elif _is_header([text for text in cells.values() if text], self.known):
                raise CrossbookError(
                    f"line {row['line']} is a header with other columns than that in line {self.line}",
                    where=f"{reading.name}:{row['line']}",
                    todo="files were joined that have not the same columns: add each by itself",
                )
        if not again:
            return table
        keep = np.ones(table.num_rows, bool)
        keep[again] = False
        return _without_texts_of_none(table.filter(pa.array(keep)))


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column of at least one row by its different texts."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    one = encoded.unify_dictionaries().combine_chunks()
    return one.chunk(0) if isinstance(one, pa.ChunkedArray) else one


def _without_texts_of_none(table: pa.Table) -> pa.Table:
    """The table with dictionaries of the texts that its rows have, and no others."""
    columns = [
        column.cast(pa.string()).dictionary_encode().cast(column.type)
        if pa.types.is_dictionary(column.type)
        else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


def _is_header(texts: Sequence[str], known: Collection[str]) -> bool:
    return len(texts) >= LEAST and len(set(texts)) == len(texts) and all(text in known for text in texts)


def _plain(text: str | None) -> str:
    return (text or "").strip("\ufeff \t").lower()
