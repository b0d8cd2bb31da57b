"""What a user keeps in plain tables: marks of other registers, licences, suits that became known, listings,
dossiers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import trademarks
from crossbook.sources.frame import Column, Frame
from crossbook.sources.report import TableReport, fact_table


def _classes(frame: Frame) -> Column:
    return frame.convert("classes", trademarks.classes, pa.string(), "classes")


def _one_of(names: dict[str, str]) -> Any:
    def read(text: str) -> str:
        found = names.get(text.casefold())
        if found is None:
            raise ValueError(f"not one of {', '.join(sorted(set(names.values())))}")
        return found

    return read


def _marks(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    live = frame.convert("status", trademarks.live_by_words, pa.string(), "live")
    yield fact_table(
        "mark",
        frame,
        "",
        register=frame.convert("register", str.upper, pa.string(), "upper", required=True),
        number=frame.text("number", required=True),
        registration=frame.text("registration"),
        mark=frame.text("mark"),
        translation=frame.text("translation"),
        status=frame.text("status"),
        live=pc.fill_null(live, "unknown"),
        classes=_classes(frame),
        goods=frame.text("goods"),
        owner=frame.text("owner"),
        filed=frame.day("filed", "ymd"),
        registered=frame.day("registered", "ymd"),
        expires=frame.day("expires", "ymd"),
        updated=frame.day("updated", "ymd"),
    )


MARKS = TableReport(
    name="marks",
    title="Trademarks of any register (plain table, as CNIPA's lists can be saved)",
    columns={
        "register": ("register", "office", "注册机构", "官方机构"),
        "number": ("number", "application number", "申请/注册号", "申请号", "注册号"),
        "registration": ("registration", "registration number"),
        "mark": ("mark", "trademark", "商标名称", "商标"),
        "translation": ("translation", "译文"),
        "status": ("status", "商标状态", "状态", "法律状态"),
        "classes": ("classes", "class", "国际分类", "类别"),
        "goods": ("goods", "商品/服务", "商品服务"),
        "owner": ("owner", "applicant", "申请人名称", "申请人", "注册人"),
        "filed": ("filed", "filing date", "申请日期"),
        "registered": ("registered", "registration date", "注册日期", "注册公告日期"),
        "expires": ("expires", "expiry date", "专用权期限", "有效期至"),
        "updated": ("updated", "as of", "更新日期"),
    },
    required=("register", "number", "mark"),
    build=_marks,
    delimiters=",;\t",
    wide=frozenset({"number", "mark", "goods"}),
    example="register,number,mark,classes,status,owner,filed,expires\n"
    "CN,30000001,北风,25,注册,北风户外有限公司,2018-04-02,2029-01-13",
)

_BASIS = {
    "own": "own",
    "自有": "own",
    "licence": "licence",
    "license": "licence",
    "许可": "licence",
    "authorisation": "authorisation",
    "authorization": "authorisation",
    "授权": "authorisation",
}


def _licences(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    yield fact_table(
        "licence",
        frame,
        "",
        brand=frame.text("brand", required=True),
        basis=frame.convert("basis", _one_of(_BASIS), pa.string(), "basis", required=True),
        owner=frame.text("owner"),
        register=frame.text("register"),
        number=frame.text("number"),
        classes=_classes(frame),
        markets=frame.text("markets"),
        since=frame.day("since", "ymd"),
        until=frame.day("until", "ymd"),
        paper=frame.text("paper"),
    )


LICENCES = TableReport(
    name="licences",
    title="Own brands, licences and letters of authorisation (plain table)",
    columns={
        "brand": ("brand", "品牌"),
        "basis": ("basis", "依据", "权利依据"),
        "owner": ("owner", "权利人"),
        "register": ("register", "office", "注册机构"),
        "number": ("number", "注册号"),
        "classes": ("classes", "类别"),
        "markets": ("markets", "地区", "市场"),
        "since": ("since", "from", "起始日期", "起"),
        "until": ("until", "to", "截止日期", "止"),
        "paper": ("paper", "document", "文件"),
    },
    required=("brand", "basis"),
    build=_licences,
    delimiters=",;\t",
    example="brand,basis,owner,register,number,classes,markets,since,until,paper\n"
    "Northwind,authorisation,Northwind Outdoor Inc.,US,77000001,25,US,2026-01-01,2026-12-31,letter-0117.pdf",
)


def _enforcements(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    yield fact_table(
        "enforcement",
        frame,
        "",
        owner=frame.text("owner"),
        mark=frame.text("mark"),
        forum=frame.text("forum", required=True),
        number=frame.text("number", required=True),
        kind=frame.text("kind"),
        goods=frame.text("goods"),
        day=frame.day("day", "ymd"),
        until=frame.day("until", "ymd"),
        reference=frame.text("reference"),
    )


ENFORCEMENTS = TableReport(
    name="enforcements",
    title="Suits of brand owners and Section 337 orders (plain table)",
    columns={
        "owner": ("owner", "plaintiff", "complainant", "权利人", "原告"),
        "mark": ("mark", "brand", "商标"),
        "forum": ("forum", "court", "法院"),
        "number": ("docket", "investigation", "case number", "案号"),
        "kind": ("kind", "类型"),
        "goods": ("goods", "product", "产品"),
        "day": ("day", "filed", "date", "日期"),
        "until": ("until", "截止日期"),
        "reference": ("reference", "link", "来源"),
    },
    required=("forum", "number"),
    build=_enforcements,
    delimiters=",;\t",
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
        classes=_classes(frame),
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
    delimiters=",;\t",
    wide=frozenset({"listing", "sku", "title", "bullets", "description", "picture"}),
    account="listings",
    absent=("order-id", "hts"),
    example="listing,sku,title,bullets,brand,category,market,picture\n"
    "B0C0000001,CASE-01,Leather case for phone,Slim; soft,NoName,phone cases,US,case-01.png",
)

_PAPERS = {
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


def _dossiers(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    yield fact_table(
        "dossier",
        frame,
        "",
        sku=frame.text("sku", required=True),
        kind=frame.convert("kind", _one_of(_PAPERS), pa.string(), "paper", required=True),
        paper=frame.text("paper", required=True),
        by=frame.text("by"),
        day=frame.day("day", "ymd", required=True),
        until=frame.day("until", "ymd"),
        note=frame.text("note"),
    )


DOSSIERS = TableReport(
    name="dossiers",
    title="Product dossiers: designs, supplier invoices, authorisations (plain table)",
    columns={
        "sku": ("sku", "货号"),
        "kind": ("paper kind", "kind of paper", "文件类型"),
        "paper": ("paper", "document", "文件"),
        "by": ("by", "designer", "supplier", "出具方"),
        "day": ("day", "date", "日期"),
        "until": ("until", "有效期至"),
        "note": ("note", "备注"),
    },
    required=("sku", "kind", "paper"),
    build=_dossiers,
    delimiters=",;\t",
    example="sku,paper kind,paper,by,day,until,note\nCASE-01,design,sketch-07.pdf,Li Wei,2025-11-03,,first drawing",
)
