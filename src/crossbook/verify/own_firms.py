"""Payees and payers that are the business, a firm of its own elsewhere, or neither, by the words that make its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa

from crossbook.engine import Database
from crossbook.trade.companies import companies
from crossbook.trade.degree import Degree
from crossbook.trade.name_parts import readings
from crossbook.trade.names import same_name

# Words that many firms have in their names: they tell no group of firms from another.
_COMMON = frozenset(
    "co company corp corporation group holding holdings inc international limited llc ltd outdoor outdoors products "
    "technology technologies trade trading import export commerce ecommerce electronic electronics global industrial "
    "industry network supply service services store shop online sports beijing shanghai shenzhen guangzhou hangzhou "
    "ningbo yiwu xiamen dongguan foshan hong kong hongkong china chinese america american europe european asia pacific "
    "usa gmbh the and of for pte pty plc bv kk".split()
)
_COMMON_HAN = re.compile(
    "有限责任公司|股份有限公司|有限公司|公司|集团|控股|国际|电子商务|进出口|供应链|"
    "科技|技术|贸易|商贸|实业|户外|用品|运动|电子|网络|信息|服饰|家居|日用品|"
    "工贸|产品|制品|北京|上海|深圳|广州|杭州|宁波|义乌|厦门|东莞|佛山|香港|"
    "中国|广东|浙江|福建|江苏|美国|欧洲|市|省"
)
# Where firms of a Chinese group are registered abroad; what FATF (2020) calls shell and front companies stands there.
_ABROAD = re.compile(
    r"hong ?kong|\b(?:hk|usa|us|uk|eu|uae|bvi)\b|america|singapore|cayman|seychelles|samoa|marshall|panama|belize|"
    r"dubai|japan|europe|germany|canada|australia|malaysia|vietnam|thailand|macau|taiwan|"
    r"香港|美国|英国|新加坡|开曼|塞舌尔|萨摩亚|迪拜|日本|欧洲|德国|澳门|台湾"
)
_HAN = re.compile("[\u4e00-\u9fff]+")

_PAID_TO = """
SELECT p.order_id, min(p.payee) FILTER (t.kind = 'elsewhere') AS elsewhere, min(p.payee) FILTER (t.kind = 'other')
       AS other, NULL AS payer
FROM payments p JOIN party_kind t ON t.name = p.payee WHERE t.part = 'payee' AND t.kind <> 'own' GROUP BY p.order_id
"""
_PAID_BY = """
SELECT p.order_id, NULL AS elsewhere, NULL AS other, min(p.payer) AS payer
FROM payments p JOIN party_kind t ON t.name = p.payer WHERE t.part = 'payer' AND t.kind <> 'other' GROUP BY p.order_id
"""
_BOTH = f"""
SELECT order_id, min(elsewhere) AS elsewhere, min(other) AS other, min(payer) AS payer
FROM ({_PAID_TO} UNION ALL {_PAID_BY}) GROUP BY order_id
"""
_PAYEES = """
SELECT DISTINCT payee AS name FROM payments WHERE nullif(trim(payee), '') IS NOT NULL
"""
# Who collects for the business: its payment institutions and platforms.
_COLLECTORS = """
SELECT DISTINCT institution AS name FROM payments WHERE institution IS NOT NULL
UNION SELECT DISTINCT account FROM orders WHERE account IS NOT NULL
"""
ALL = (_BOTH, _PAYEES, _COLLECTORS)


def core(name: str) -> frozenset[str]:
    """The words of a firm's name that are its own: without legal form, place and trade."""
    han = {part for run in _HAN.findall(name) for part in _COMMON_HAN.sub(" ", run).split() if len(part) > 1}
    latin = {w for w in re.findall("[a-z]{4,}", name.lower()) if w not in _COMMON}
    return frozenset(han | latin)


def kind(name: str, own: Sequence[str]) -> str:
    """What a firm is to the business whose names are `own`: own, elsewhere (of the same group), or other."""
    mine_core = frozenset().union(*(core(mine) for mine in own))
    shared = core(name) & mine_core
    if shared and _places(name) - frozenset().union(*(_places(mine) for mine in own)):
        return "elsewhere"
    if any(same_name(name, mine) in (Degree.SAME, Degree.MAY_BE) for mine in own):
        return "own"
    if any(
        x.forms and y.forms and companies(x, y) is Degree.FAMILY
        for x in readings(name)
        for mine in own
        for y in readings(mine)
    ):
        return "elsewhere"
    return "elsewhere" if shared and any(x.forms for x in readings(name)) else "other"


def _places(name: str) -> frozenset[str]:
    """The places abroad that a firm's name has in it."""
    return frozenset(_ABROAD.findall(name.lower()))


def names_of(own: str) -> list[str]:
    """The business's own names: as written, and what stands in brackets beside it."""
    parts = [p.strip() for p in re.split(r"[()（）;|]", own) if len(p.strip()) >= 4]
    return list(dict.fromkeys([own, *parts])) if own.strip() else []


def _collects(name: str, collectors: Sequence[str]) -> bool:
    """Whether a payee is one of those who collect: one name begins with the other, or they share their own words."""
    low = name.lower().replace(" ", "")
    return any(
        low.startswith(c) or c.startswith(low) for c in (x.lower().replace(" ", "") for x in collectors) if len(c) > 2
    ) or any(core(name) & core(c) for c in collectors)


def make(database: Database, own: str, affiliates: Sequence[str] = ()) -> None:
    """Make `paid_to(order_id, elsewhere, other, payer)`. `affiliates` are the business's firms elsewhere."""
    told: list[tuple[str, str, str]] = []
    mine = names_of(own)
    words = sorted(frozenset().union(*(core(m) for m in [*mine, *affiliates])))
    if mine:
        sisters = {a.strip().lower() for a in affiliates}
        collectors = [str(r["name"]) for r in database.rows(_COLLECTORS)]
        for r in database.rows(_PAYEES):
            name = str(r["name"])
            found = "elsewhere" if name.strip().lower() in sisters else kind(name, mine)
            told.append(("payee", name, "own" if found == "other" and _collects(name, collectors) else found))
        if words:
            hit = " OR ".join(f"contains(lower(payer), $w{i})" for i in range(len(words)))
            values = {f"w{i}": w for i, w in enumerate(words)}
            for r in database.rows(f"SELECT DISTINCT payer AS name FROM payments WHERE {hit}", **values):
                name = str(r["name"])
                found = "elsewhere" if name.strip().lower() in sisters else kind(name, mine)
                told.append(("payer", name, found))
    columns = zip(("part", "name", "kind"), zip(*told, strict=True) if told else [[]] * 3, strict=True)
    database.put("party_kind", pa.table({column: pa.array(list(said), pa.string()) for column, said in columns}))
    database.make("paid_to", _BOTH)
