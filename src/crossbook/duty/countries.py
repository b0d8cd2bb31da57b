"""Countries as origins and destinations: ISO 3166-1 alpha-2, and what people write instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from crossbook.errors import CrossbookError, ParameterError

COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
    TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()
)  # ISO 3166-1 alpha-2, with XK as customs use it
# Places with a code of their own and the customs of another country: whose duties they bear, and by which law (from
# memory, but Monaco and the Isle of Man, whose sources stand in `data/trade/territories.csv`).
WITHIN = {
    "IM": ("GB", "Customs and Excise Agreement of 1979"),
    "LI": ("CH", "Customs Treaty of 1923"),
    "MC": ("FR", "Regulation 952/2013, art. 4(2)"),
    "PR": ("US", "19 CFR 101.1"),
}
_ALIASES = {"UK": "GB", "USA": "US", "PRC": "CN", "KSA": "SA", "UAE": "AE"}


def country(text: str, what: str = "country") -> str:
    """The alpha-2 code meant by `text` ("cn", "UK", "China", "越南"). Raises CrossbookError when there is none."""
    clean = text.strip()
    code = _ALIASES.get(clean.upper(), clean.upper())
    if code in COUNTRIES:
        return code
    if clean and (found := _by_name().get(clean.casefold())):
        return found
    raise ParameterError(
        what,
        text,
        sorted(COUNTRIES),
        what=f"unknown {what} {text!r}",
        todo="give the two letters of ISO 3166-1, such as CN, VN or DE",
    )


def not_covered(destination: str, on: date, covered: Sequence[str]) -> CrossbookError:
    """Why a destination has no bill: it has no customs of its own, its VAT is not that of its country, or it is not
    among those `covered`."""
    from crossbook.trade.territories import law

    if destination in WITHIN:
        whose, source = WITHIN[destination]
        return CrossbookError(
            f"{destination} has no customs of its own: it bears the duties of {whose} ({source})",
            todo=f"give {whose}; a tax on sales of its own, where it has one, is not in that bill",
        )
    todo = "covered are: " + ", ".join(covered)
    for x in law():
        if x.territory == destination and not x.inside_vat and x.since <= on <= (x.until or date.max):
            return CrossbookError(
                f"{destination} is not covered: it lies outside the VAT of the country it belongs to",
                where=x.source.split("; ")[0],
                todo=todo,
            )
    return CrossbookError(f"{destination} is not covered", todo=todo)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    from babel import Locale

    found: dict[str, str] = {}
    for language in ("zh", "en"):
        for code, name in Locale(language).territories.items():
            if code in COUNTRIES:
                found[name.casefold()] = code
    return found
