"""Codes of countries by what files write for them: three letters, or a name."""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa
from babel import Locale

from crossbook.countries import countries


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Codes of countries by three letters (ISO 3166-1), by their names in English and Chinese (CLDR), and by what else
    files write for some; all in capitals."""
    found = {"U.S.A.": "US", "UNITED STATES OF AMERICA": "US", "GREAT BRITAIN": "GB"}
    found |= {country.iso3: code for code, country in countries().items() if country.iso3}
    for language in ("en", "zh"):
        names = Locale(language).territories.items()
        found |= {name.upper(): code for code, name in names if len(code) == 2 and code not in ("EU", "ZZ")}
    return found


def name_table() -> pa.Table:
    """The same as a table of `told` and `code`."""
    names = country_names()
    return pa.table({"told": pa.array(list(names), pa.string()), "code": pa.array(list(names.values()), pa.string())})


def code_or_name(column: str) -> str:
    """A country as papers tell it, as SQL: its code in capitals whatever a file has ("de"), so that papers can be held
    against each other, or its name as it stands."""
    return f"if(length(trim({column})) = 2, upper(trim({column})), {column})"
