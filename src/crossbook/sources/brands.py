"""What a user keeps in plain tables: marks of other registers, licences, suits that became known, listings,
dossiers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import trademarks
from crossbook.sources.frame import Column, Frame
from crossbook.sources.plain_table import DELIMITERS, day, one_of, plain_table, text
from crossbook.sources.report import TableReport, fact_table


def _live(frame: Frame) -> dict[str, Column]:
    """Whether a mark lives, by the words of its state."""
    return {"live": pc.fill_null(frame.convert("status", trademarks.live_by_words, pa.string(), "live"), "unknown")}


MARKS = plain_table(
    "marks",
    title="Trademarks of any register (plain table, as CNIPA's lists can be saved)",
    kind="mark",
    cells={
        "register": text("register", "office", "注册机构", "官方机构", required=True, read=str.upper),
        "number": text("number", "application number", "申请/注册号", "申请号", "注册号", required=True),
        "registration": text("registration", "registration number"),
        "mark": text("mark", "trademark", "商标名称", "商标"),
        "translation": text("translation", "译文"),
        "status": text("status", "商标状态", "状态", "法律状态"),
        "classes": text("classes", "class", "国际分类", "类别", read=trademarks.classes),
        "goods": text("goods", "商品/服务", "商品服务"),
        "owner": text("owner", "applicant", "申请人名称", "申请人", "注册人"),
        "filed": day("filed", "filing date", "申请日期"),
        "registered": day("registered", "registration date", "注册日期", "注册公告日期"),
        "expires": day("expires", "expiry date", "专用权期限", "有效期至"),
        "updated": day("updated", "as of", "更新日期"),
    },
    needs=("register", "number", "mark"),
    wide=frozenset({"number", "mark", "goods"}),
    more=_live,
    example="register,number,mark,classes,status,owner,filed,expires\n"
    "CN,30000001,北风,25,注册,北风户外有限公司,2018-04-02,2029-01-13",
)

BASIS = {
    "own": "own",
    "自有": "own",
    "licence": "licence",
    "license": "licence",
    "许可": "licence",
    "authorisation": "authorisation",
    "authorization": "authorisation",
    "授权": "authorisation",
}

LICENCES = plain_table(
    "licences",
    title="Own brands, licences and letters of authorisation (plain table)",
    kind="licence",
    cells={
        "brand": text("brand", "品牌", required=True),
        "basis": text("basis", "依据", "权利依据", required=True, read=one_of(BASIS)),
        "owner": text("owner", "权利人"),
        "register": text("register", "office", "注册机构"),
        "number": text("number", "注册号"),
        "classes": text("classes", "类别", read=trademarks.classes),
        "markets": text("markets", "地区", "市场"),
        "since": day("since", "from", "起始日期", "起"),
        "until": day("until", "to", "截止日期", "止"),
        "paper": text("paper", "document", "文件"),
    },
    needs=("brand", "basis"),
    example="brand,basis,owner,register,number,classes,markets,since,until,paper\n"
    "Northwind,authorisation,Northwind Outdoor Inc.,US,77000001,25,US,2026-01-01,2026-12-31,letter-0117.pdf",
)

ENFORCEMENTS = plain_table(
    "enforcements",
    title="Suits of brand owners and Section 337 orders (plain table)",
    kind="enforcement",
    cells={
        "owner": text("owner", "plaintiff", "complainant", "权利人", "原告"),
        "mark": text("mark", "brand", "商标"),
        "forum": text("forum", "court", "法院", required=True),
        "number": text("docket", "investigation", "case number", "案号", required=True),
        "kind": text("kind", "类型"),
        "goods": text("goods", "product", "产品"),
        "day": day("day", "filed", "date", "日期"),
        "until": day("until", "截止日期"),
        "reference": text("reference", "link", "来源"),
    },
    needs=("forum", "number"),
    example="owner,mark,forum,docket,kind,goods,day,reference\n"
    "Northwind Outdoor Inc.,NORTHWIND,N.D. Ill.,1:26-cv-01234,suit,jackets,2026-02-11,https://…",
)

_WORDS = ("bullets", "bullets_2", "bullets_3", "bullets_4", "bullets_5", "description")


def _listings(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    sku = frame.text("sku")
    yield fact_table(
        "listing",
        frame,
        state["account"],
        listing=pc.coalesce(frame.text("listing"), sku),
        sku=sku,
        title=frame.text("title"),
        bullets=frame.joined("words", _WORDS).text("words"),
        brand=frame.text("brand"),
        category=frame.text("category"),
        classes=frame.convert("classes", trademarks.classes, pa.string(), "classes"),
        market=frame.text("market"),
        picture=frame.text("picture"),
        day=frame.day("day", "ymd"),
    )


LISTINGS = TableReport(
    name="listings",
    title="Listings (plain table, or Amazon's active listings report)",
    columns={
        "listing": ("listing", "asin", "asin1", "listing-id", "item id", "商品id"),
        "sku": ("sku", "seller-sku", "货号"),
        "title": ("title", "item-name", "product name", "标题"),
        "bullets": ("bullets", "bullet point1", "bullet_point1", "五点描述"),
        "bullets_2": ("bullet point2", "bullet_point2"),
        "bullets_3": ("bullet point3", "bullet_point3"),
        "bullets_4": ("bullet point4", "bullet_point4"),
        "bullets_5": ("bullet point5", "bullet_point5"),
        "description": ("description", "item-description", "描述"),
        "brand": ("brand", "brand name", "brand_name", "品牌"),
        "category": ("category", "product type", "类目"),
        "classes": ("classes", "nice class", "尼斯分类"),
        "market": ("market", "marketplace", "市场", "站点"),
        "picture": ("picture", "image", "image-url", "main image url", "图片"),
        "day": ("day", "日期"),
    },
    required=("sku", "title"),
    build=_listings,
    delimiters=DELIMITERS,
    wide=frozenset({"listing", "sku", "title", "bullets", "description", "picture"}),
    account="listings",
    absent=("order-id", "hts"),
    example="listing,sku,title,bullets,brand,category,market,picture\n"
    "B0C0000001,CASE-01,Leather case for phone,Slim; soft,NoName,phone cases,US,case-01.png",
)

PAPERS = {
    "design": "design",
    "设计": "design",
    "supplier invoice": "supplier invoice",
    "采购发票": "supplier invoice",
    "authorisation": "authorisation",
    "authorization": "authorisation",
    "授权": "authorisation",
    "registered design": "registered design",
    "外观专利": "registered design",
    "test report": "test report",
    "检测报告": "test report",
}

DOSSIERS = plain_table(
    "dossiers",
    title="Product dossiers: designs, supplier invoices, authorisations (plain table)",
    kind="dossier",
    cells={
        "sku": text("sku", "货号", required=True),
        "kind": text("paper kind", "kind of paper", "文件类型", required=True, read=one_of(PAPERS)),
        "paper": text("paper", "document", "文件", required=True),
        "by": text("by", "designer", "supplier", "出具方"),
        "day": day("day", "date", "日期", required=True),
        "until": day("until", "有效期至"),
        "note": text("note", "备注"),
    },
    needs=("sku", "kind", "paper"),
    example="sku,paper kind,paper,by,day,until,note\nCASE-01,design,sketch-07.pdf,Li Wei,2025-11-03,,first drawing",
)
