"""A list of one's own of parties to look for, as a plain table: a row for each name of each entry."""

from __future__ import annotations

from crossbook.sources.plain_table import day, one_of, plain_table, text

_QUALITY = {"primary": "primary", "strong": "strong", "weak": "weak", "主要": "primary", "强": "strong", "弱": "weak"}
_TYPES = {
    "individual": "individual",
    "entity": "entity",
    "vessel": "vessel",
    "aircraft": "aircraft",
    "个人": "individual",
    "实体": "entity",
    "船舶": "vessel",
    "飞机": "aircraft",
}

SOURCE = plain_table(
    "party_list",
    title="Parties to look for (plain table)",
    kind="listed_party",
    cells={
        "list": text("list", "名单", required=True),
        "entry": text("entry", "名单编号", required=True),
        "name": text("name", "名称", required=True),
        "quality": text("quality", "可信度", read=one_of(_QUALITY)),
        "type": text("type", "类型", read=one_of(_TYPES)),
        "countries": text("countries", "国家地区"),
        "born": text("born", "出生日期"),
        "program": text("program", "列入原因"),
        "listed_on": day("listed on", "listed_on", "列入日期"),
        "published": day("published", "发布日期"),
    },
    needs=("list", "entry", "name"),
    wide=frozenset({"entry", "name", "countries", "born", "program"}),
    example="list,entry,name,quality,type,countries,listed on\nour own,1,张伟,primary,individual,CN,2026-01-05",
)
