"""Countries as origins and destinations: ISO 3166-1 alpha-2, and what people write instead."""

from __future__ import annotations

from functools import lru_cache

from crossbook.errors import ParameterError

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


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    from babel import Locale

    found: dict[str, str] = {}
    for language in ("zh", "en"):
        for code, name in Locale(language).territories.items():
            if code in COUNTRIES:
                found[name.casefold()] = code
    return found
