"""Write `src/crossbook/data/market/countries.csv`: codes, names and a few figures of every country.

    pip install iso3166
    python tools/countries.py GDP.csv POPULATION.csv DIST_CEPII.csv INTERNET.csv LPI.csv

These are tables with the columns of their publishers (see `src/crossbook/data/market/README.md`, which says where
each column comes from and under which licence). A figure that is in none of them stays empty.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import iso3166
from babel import Locale

Row = tuple[str, ...]
TARGET = Path(__file__).parent.parent / "src/crossbook/data/market/countries.csv"
HEADER = [
    *("iso2", "iso3", "number", "comtrade", "other_iso3", "name", "name_zh", "other_names"),
    *("gdp_usd", "gdp_year", "population", "population_year", "distance_km", "border", "language"),
    *("internet_percent", "internet_year", "logistics_score", "logistics_year"),
]
# Numbers of UN Comtrade that are not those of ISO 3166 (partnerAreas.json of comtrade.un.org/Data/cache). 490 is
# "Other Asia, nes", in practice Taiwan (unstats.un.org/wiki, "Taiwan, Province of China Trade data"); 736 was Sudan
# with what is South Sudan today.
COMTRADE = {"FR": 251, "IT": 381, "NO": 579, "IN": 699, "CH": 757, "US": 842, "TW": 490, "SD": 736}
# Letters of WITS, Comtrade and CEPII that are not those of ISO 3166.
LETTERS = {"RO": "ROM", "CD": "ZAR", "TL": "TMP", "TW": "OAS S19", "SD": "SUD", "ME": "MNT", "RS": "SER"}
# Names of Comtrade, Trade Map and the World Bank that neither ISO 3166 nor the Unicode CLDR has.
NAMES = {
    "US": "USA|United States of America|United States",
    "GB": "United Kingdom|UK",
    "KR": "Rep. of Korea|Korea, Republic of|Korea, Rep.|Republic of Korea",
    "KP": "Dem. People's Rep. of Korea|Korea, Democratic People's Republic of|Korea, Dem. Rep.",
    "TW": "Other Asia, nes|Taipei, Chinese|Chinese Taipei|Taiwan, China|Taiwan, Province of China|Taiwan",
    "HK": "China, Hong Kong SAR|Hong Kong, China|Hong Kong|Hong Kong SAR, China",
    "MO": "China, Macao SAR|Macao, China|Macao|Macau",
    "VN": "Viet Nam|Vietnam",
    "RU": "Russian Federation|Russia",
    "TR": "Turkey|Türkiye|Turkiye",
    "CZ": "Czech Rep.|Czech Republic|Czechia",
    "SK": "Slovakia|Slovak Republic",
    "MD": "Rep. of Moldova|Moldova, Republic of|Moldova",
    "MK": "TFYR of Macedonia|Macedonia, North|Macedonia, The Former Yugoslav Republic of|North Macedonia",
    "BO": "Bolivia (Plurinational State of)|Bolivia, Plurinational State of|Bolivia",
    "VE": "Venezuela|Venezuela, Bolivarian Republic of|Venezuela, RB",
    "IR": "Iran|Iran, Islamic Republic of|Iran, Islamic Rep.",
    "SY": "Syria|Syrian Arab Republic",
    "LA": "Lao People's Dem. Rep.|Lao People's Democratic Republic|Lao PDR|Laos",
    "TZ": "United Rep. of Tanzania|Tanzania, United Republic of|Tanzania",
    "CD": "Dem. Rep. of the Congo|Congo, Democratic Republic of the|Congo, Dem. Rep.",
    "CG": "Congo|Congo, Rep.",
    "CI": "Côte d'Ivoire|Cote d'Ivoire|Ivory Coast",
    "CV": "Cabo Verde|Cape Verde",
    "CF": "Central African Rep.|Central African Republic",
    "DO": "Dominican Rep.|Dominican Republic",
    "BA": "Bosnia Herzegovina|Bosnia and Herzegovina",
    "SZ": "Swaziland|Eswatini",
    "PS": "State of Palestine|Palestine, State of|West Bank and Gaza|Palestine",
    "EG": "Egypt|Egypt, Arab Rep.",
    "YE": "Yemen|Yemen, Rep.",
    "KG": "Kyrgyzstan|Kyrgyz Republic",
    "BN": "Brunei Darussalam|Brunei",
    "GM": "Gambia|Gambia, The",
    "BS": "Bahamas|Bahamas, The",
    "FM": "FS Micronesia|Micronesia, Federated States of|Micronesia, Fed. Sts.",
    "MH": "Marshall Isds|Marshall Islands",
    "SB": "Solomon Isds|Solomon Islands",
    "KY": "Cayman Isds|Cayman Islands",
    "VG": "Br. Virgin Isds|British Virgin Islands",
    "CK": "Cook Isds|Cook Islands",
    "FO": "Faeroe Isds|Faroe Islands|Faroe Is.",
    "FK": "Falkland Isds (Malvinas)|Falkland Islands (Malvinas)",
    "MP": "N. Mariana Isds|Northern Mariana Islands",
    "TC": "Turks and Caicos Isds|Turks and Caicos Islands",
    "WF": "Wallis and Futuna Isds|Wallis and Futuna Islands",
    "CX": "Christmas Isds|Christmas Island",
    "CC": "Cocos Isds|Cocos (Keeling) Islands",
    "NF": "Norfolk Isds|Norfolk Island",
    "SX": "Saint Maarten|Sint Maarten",
    "BQ": "Bonaire|Bonaire, Sint Eustatius and Saba",
    "SD": "Sudan|Fmr Sudan|Sudan (before 2012)",
    "LY": "Libya|Libya, State of",
    "MM": "Myanmar|Burma",
    "AS": "American Samoa (US)",
    "GU": "Guam (US)",
    "CH": "Switzerland|Switzerland, Liechtenstein",
    "FR": "France|France, Monaco",
    "NO": "Norway|Norway, Svalbard and Jan Mayen",
    "IN": "India|India, excl. Sikkim",
    "CN": "China|China, mainland",
}
LPI_YEAR = "2023"  # the edition; the World Bank's indicators file it under 2022
LPI_NAMES = {"TC<rkiye": "Türkiye"}  # mangled in the table that was read


def latest(path: str) -> dict[str, tuple[str, str]]:
    """By ISO 3166 alpha-3, the figure of the last year that has one, and that year."""
    found: dict[str, tuple[str, str]] = {}
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["Value"] and row["Year"] >= found.get(row["Country Code"], ("", ""))[1]:
                found[row["Country Code"]] = (str(round(float(row["Value"]))), row["Year"])
    return found


def distances(path: str) -> dict[str, tuple[str, str, str]]:
    """By CEPII's letters: kilometres to China (weighted by people where told), border with it, official language."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["iso_o"] == "CHN"]
    return {
        row["iso_d"]: (
            str(round(float((row["distw"] if row["distw"] != "." else row["dist"]).replace(",", ".")))),
            row["contig"],
            row["comlang_off"],
        )
        for row in rows
    }


def internet(path: str) -> dict[str, tuple[str, str]]:
    """By ISO 3166 alpha-3, which percentage of the people used the internet in the last year told, and that year."""
    found: dict[str, tuple[str, str]] = {}
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        next(rows)
        for _, code, year, value, *_rest in rows:
            if code and value and year >= found.get(code, ("", ""))[1]:
                found[code] = (f"{float(value.replace(',', '.')):.1f}", year)
    return found


def logistics(path: str) -> dict[str, str]:
    """By name, the overall score of the Logistics Performance Index, 1 to 5."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return {LPI_NAMES.get(row["Economy"], row["Economy"]): row["LPI Score"] for row in csv.DictReader(file)}


def measures(
    letters: str, names: Iterable[str], users: Mapping[str, tuple[str, str]], scores: Mapping[str, str]
) -> Row:
    """The columns of the two of one country, by its letters and any of its names; empty where they have none."""
    score = next((scores[name] for name in names if name in scores), "")
    return (*users.get(letters, ("", "")), score, LPI_YEAR if score else "")


def main(gdp_path: str, population_path: str, distance_path: str, internet_path: str, logistics_path: str) -> None:
    users, scores = internet(internet_path), logistics(logistics_path)
    gdp, people, far = latest(gdp_path), latest(population_path), distances(distance_path)
    english, chinese = Locale("en").territories, Locale("zh").territories
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(HEADER)
        for country in sorted(iso3166.countries, key=lambda c: c.alpha2):
            code, letters = country.alpha2, country.alpha3
            if code not in english:
                continue
            names = [n for n in (country.name, country.apolitical_name, *NAMES.get(code, "").split("|")) if n]
            others = dict.fromkeys(n for n in names if n != english[code])
            known = [letters, *LETTERS.get(code, "").split()]
            way = next((far[k] for k in known if k in far), ("", "", ""))
            out.writerow(
                [
                    *(code, letters, int(country.numeric), COMTRADE.get(code, ""), LETTERS.get(code, "")),
                    *(english[code], chinese[code], "|".join(others)),
                    *gdp.get(letters, ("", "")),
                    *people.get(letters, ("", "")),
                    *(("", "", "") if code == "CN" else way),
                    *measures(letters, [*names, english[code]], users, scores),
                ]
            )


if __name__ == "__main__":
    main(*sys.argv[1:6])
