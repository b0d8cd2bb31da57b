"""Platforms, payment institutions and banks by their names: who pays payouts out, and keeps others' money."""

from __future__ import annotations

import re

# What firms whom payouts come from call themselves in general.
CALLED = (
    *("pay", "bank", "banque", "banco", "banca", "bancorp", "clearing", "settlement", "merchant", "remit", "exchange"),
    *("transfer", "marketplace", "escrow", "e-money", "emoney", "money", "wallet", "fintech", "on behalf of", "o/b/o"),
    *("client account", "client money", "customer funds", "safeguard", "trust account"),
    *(
        "支付",
        "银行",
        "银联",
        "清算",
        "结算",
        "备付金",
        "财付通",
        "收款",
        "跨境",
        "平台",
        "金融",
        "汇款",
        "代付",
        "外汇",
    ),
)
# Names of platforms and of payment institutions, in a payer's name or anywhere in the bank's text.
NAMED = (
    *("amazon", "amzn", "ebay", "etsy", "walmart", "temu", "whaleco", "shein", "roadget", "aliexpress", "alibaba"),
    *("tiktok", "bytedance", "shopify", "shopee", "lazada", "wayfair", "zalando", "cdiscount", "allegro", "mercado"),
    *("rakuten", "newegg", "target corp", "coupang", "ozon", "joom", "fruugo", "onbuy", "kaufland", "bol.com"),
    *("亚马逊", "阿里", "速卖通", "拼多多", "希音", "抖音", "字节", "虾皮", "沃尔玛"),
    *("stripe", "adyen", "klarna", "checkout.com", "square", "block inc", "braintree", "hyperwallet", "worldfirst"),
    *("world first", "airwallex", "wise", "lianlian", "lian lian", "pingpong", "ant group", "ant financial", "sunrate"),
    *("currenxie", "nium", "ebury", "thunes", "ofx", "ozforex", "revolut", "skrill", "neteller", "skyee", "geoswift"),
    *("currencycloud", "currency cloud", "modulr", "citi", "fiserv", "first data", "tipalti", "trustly", "mollie"),
    *("affirm", "nuvei", "dlocal", "ebanx", "rapyd", "hsbc", "jpmorgan", "jp morgan", "barclays", "deutsche", "evolve"),
    *(
        "支付宝",
        "蚂蚁",
        "连连",
        "万里汇",
        "空中云汇",
        "派安盈",
        "乒乓",
        "寻汇",
        "珊瑚",
        "光子易",
        "首信易",
        "易宝",
        "宝付",
    ),
)
_AFTER = r"[a-z]pay\b"  # Alipay, GoPay, Afterpay


def _any(*marks: str) -> re.Pattern[str]:
    return re.compile("|".join([*(rf"\b{re.escape(m)}" if m.isascii() else re.escape(m) for m in marks), _AFTER]))


_IN_NAME, _IN_TEXT = _any(*CALLED, *NAMED), _any(*NAMED)


def is_one(name: str) -> bool:
    """Whether a name has a mark of such a firm, or of an account at one."""
    return _IN_NAME.search(name.casefold()) is not None


def are_named(text: str) -> bool:
    """Whether a text names a platform or a payment institution."""
    return _IN_TEXT.search(text.casefold()) is not None
