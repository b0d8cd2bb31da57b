"""One spelling of names of parties whose account nobody tells, so that one party is not two by how it was typed."""

from __future__ import annotations

import re
import unicodedata

from crossbook.engine import Database

# Names that lower case and trimming alone may leave in two spellings.
_ODD = r"[^\x20-\x7e]|\s\s"
_TOLD = " UNION ".join(
    f"SELECT {end} AS name FROM once WHERE {end}_account IS NULL AND regexp_matches({end}, '{_ODD}')"
    for end in ("payer", "payee")
)
_HAN = r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
_BETWEEN_HAN = re.compile(rf"(?<={_HAN})[ ]+(?={_HAN})")


def spelled(name: str) -> str:
    """A name in one spelling: letters in small, each as one sign of usual width however it was composed, blanks as one
    space, none between Chinese characters (李 伟 is 李伟), and nothing that is not seen."""
    text = unicodedata.normalize("NFKC", name).lower()
    text = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    return _BETWEEN_HAN.sub("", " ".join(text.split()))


def prepare(database: Database) -> None:
    """Make `name_spelled` (name, spelled) of the names in `once` without an account that may be spelled otherwise."""
    import pyarrow as pa

    names = [r["name"] for r in database.rows(_TOLD)]
    columns = {"name": pa.array(names, pa.string()), "spelled": pa.array([spelled(n) for n in names], pa.string())}
    database.keep("name_spelled", pa.table(columns))


def account(end: str) -> str:
    """SQL of what the account of a side is called that is known by its name alone; null without a name. It joins
    `name_spelled` as `{end}_spelled`."""
    return f"'name:' || coalesce({end}_spelled.spelled, lower(trim(o.{end})))"


def joined(end: str) -> str:
    """SQL that joins what `account` names."""
    return f"LEFT JOIN name_spelled {end}_spelled ON o.{end}_account IS NULL AND {end}_spelled.name = o.{end}"
