"""People whose name is written in two ways: in two scripts, by two rules, married, shortened, masked or misspelt.

Written without sight of the rules: none of these may be called contradicted or suspicious. Each function makes the case
numbered `k`.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from trade_names import FAMILY_FIRST, SCRIPTS, Person, firm, person, strangers
from trade_papers import Maker, Trade

Case = Callable[[Maker, Random, int], list[Trade]]
NAMES: dict[str, Case] = {}


def _oddity(case: Case) -> Case:
    NAMES[case.__name__] = case
    return case


def _romanised(m: Maker, rng: Random, k: int, script: str) -> list[Trade]:
    """Ordered in one script, paid with a card in Latin letters: spelling, order of names and case vary."""
    who = person(rng, script)
    t = m.trade(rng, who=who)
    latin = who.latin(k % 2)
    given, family = latin.split(" ", 1)
    written = (latin, f"{family} {given}", latin.upper(), f"{family}, {given}")[k % 4]
    if k % 5 == 4:
        t.bought_by(written, payer=who.name)
    else:
        t.bought_by(who.name, payer=written)
    return [t]


@_oddity
def han_in_latin(m: Maker, rng: Random, k: int) -> list[Trade]:
    return _romanised(m, rng, k, "han")


@_oddity
def cyrillic_in_latin(m: Maker, rng: Random, k: int) -> list[Trade]:
    return _romanised(m, rng, k, "cyrillic")


@_oddity
def hangul_in_latin(m: Maker, rng: Random, k: int) -> list[Trade]:
    return _romanised(m, rng, k, "hangul")


@_oddity
def kana_in_latin(m: Maker, rng: Random, k: int) -> list[Trade]:
    return _romanised(m, rng, k, "kana")


@_oddity
def arabic_in_latin(m: Maker, rng: Random, k: int) -> list[Trade]:
    return _romanised(m, rng, k, "arabic")


@_oddity
def thai_in_latin(m: Maker, rng: Random, k: int) -> list[Trade]:
    return _romanised(m, rng, k, "thai")


@_oddity
def greek_in_latin(m: Maker, rng: Random, k: int) -> list[Trade]:
    return _romanised(m, rng, k, "greek")


@_oddity
def hebrew_in_latin(m: Maker, rng: Random, k: int) -> list[Trade]:
    return _romanised(m, rng, k, "hebrew")


@_oddity
def two_spellings_in_latin(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Both papers in Latin letters, romanised by different rules (Mohammed, Muhammad; Evgeny, Yevgeniy)."""
    while True:
        who = person(rng, ("arabic", "cyrillic", "hangul", "greek")[k % 4])
        if who.latin(0) != who.latin(1):
            break
    t = m.trade(rng, who=who)
    t.bought_by(who.latin(0), payer=who.latin(1))
    return [t]


@_oddity
def traditional_characters(m: Maker, rng: Random, k: int) -> list[Trade]:
    """The card has traditional characters, the order simplified ones."""
    short, full = (("张伟", "張偉"), ("刘丽", "劉麗"), ("陈国强", "陳國強"), ("杨军", "楊軍"), ("郑晓东", "鄭曉東"))[
        k % 5
    ]
    t = m.trade(rng, who=person(rng, "han"))
    t.bought_by(short, payer=full)
    return [t]


def _latin(m: Maker, rng: Random) -> tuple[Trade, Person]:
    who = person(rng, "latin")
    return m.trade(rng, who=who), who


@_oddity
def married_name(m: Maker, rng: Random, k: int) -> list[Trade]:
    """The card has the maiden name beside or instead of a joined one."""
    t, who = _latin(m, rng)
    maiden = strangers(rng, 2, "latin")[0].family
    joined = (f"{who.family}-{maiden}", f"{maiden} {who.family}", f"{maiden}-{who.family}")[k % 3]
    t.bought_by(who.name, payer=f"{who.given} {joined}")
    return [t]


@_oddity
def second_given_name(m: Maker, rng: Random, k: int) -> list[Trade]:
    t, who = _latin(m, rng)
    middle = person(rng, "latin").given
    t.bought_by(who.name, payer=f"{who.given} {(middle, middle[0] + '.', middle[0])[k % 3]} {who.family}")
    return [t]


@_oddity
def initials(m: Maker, rng: Random, k: int) -> list[Trade]:
    t, who = _latin(m, rng)
    t.bought_by(
        who.name,
        payer=(f"{who.given[0]}. {who.family}", f"{who.family} {who.given[0]}", f"{who.given[0]} {who.family}".upper())[
            k % 3
        ],
    )
    return [t]


@_oddity
def titles(m: Maker, rng: Random, k: int) -> list[Trade]:
    t, who = _latin(m, rng)
    title = ("Dr.", "Mrs", "Prof. Dr.", "Herr", "Mme", "Sir")[k % 6]
    t.bought_by(who.name, payer=f"{title} {who.name}" + (" Jr." if k % 5 == 4 else ""))
    return [t]


@_oddity
def short_first_name(m: Maker, rng: Random, k: int) -> list[Trade]:
    long, short = (
        ("William", "Bill"),
        ("Robert", "Bob"),
        ("Elizabeth", "Liz"),
        ("Katherine", "Kate"),
        ("Michael", "Mike"),
        ("Margaret", "Peggy"),
        ("Alexander", "Sasha"),
        ("Thomas", "Tom"),
        ("Christopher", "Chris"),
        ("Richard", "Dick"),
    )[k % 10]
    t, who = _latin(m, rng)
    t.bought_by(f"{short} {who.family}", payer=f"{long} {who.family}")
    return [t]


@_oddity
def accents_written_out(m: Maker, rng: Random, k: int) -> list[Trade]:
    name, plain = (
        ("Jürgen Müller", "JUERGEN MUELLER"),
        ("Søren Østergaard", "Soren Ostergaard"),
        ("Zoë Lefèvre", "ZOE LEFEVRE"),
        ("Łukasz Wójcik", "Lukasz Wojcik"),
        ("Şebnem Güneş", "Sebnem Gunes"),
        ("Nguyễn Thị Hồng", "NGUYEN THI HONG"),
        ("Björn Åkesson", "Bjoern Aakesson"),
        ("Günther Weiß", "Guenther Weiss"),
        ("José Núñez", "JOSE NUNEZ"),
    )[k % 9]
    t, _ = _latin(m, rng)
    t.bought_by(name, payer=plain)
    return [t]


@_oddity
def slip_of_the_pen(m: Maker, rng: Random, k: int) -> list[Trade]:
    """One letter wrong in the carrier's or the payment's name."""
    t, who = _latin(m, rng)
    name = who.name
    at = len(who.given) + 3
    wrong = (
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
    )[k % 3]
    if k % 2:
        t.payment[0]["payer"] = wrong
    else:
        t.shipment[0]["consignee"] = wrong
    return [t]


@_oddity
def masked_payer(m: Maker, rng: Random, k: int) -> list[Trade]:
    """A wallet that shows only a part of the name."""
    who = person(rng, ("han", "latin", "hangul")[k % 3])
    t = m.trade(rng, who=who)
    masked = f"{who.given[0]}*** {who.family[0]}***" if k % 3 == 1 else "*" + who.name[1:]
    t.payment[0]["payer"] = masked
    return [t]


@_oddity
def order_of_names(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Family name first or last, in any script."""
    who = person(rng, SCRIPTS[k % len(SCRIPTS)])
    t = m.trade(rng, who=who)
    turned = f"{who.given} {who.family}" if who.script in FAMILY_FIRST else f"{who.family} {who.given}"
    t.bought_by(who.name, payer=turned)
    return [t]


@_oddity
def company_suffix(m: Maker, rng: Random, k: int) -> list[Trade]:
    pairs = (
        ("Ltd", "Limited"),
        ("GmbH", "Gesellschaft mbH"),
        ("LLC", "L.L.C."),
        ("Inc", "Incorporated"),
        ("Co., Ltd.", "Company Limited"),
        ("S.r.l.", "SRL"),
    )
    short, full = pairs[k % 6]
    who = firm(rng, short, ("GB", "DE", "US", "US", "AU", "FR")[k % 6])
    t = m.trade(rng, who=who, quantity=2)
    t.bought_by(who.name, payer=(who.name[: -len(short)] + full).upper() if k % 2 else who.name[: -len(short)] + full)
    return [t]


@_oddity
def third_name(m: Maker, rng: Random, k: int) -> list[Trade]:
    """A patronymic, a father's name or a mother's surname that only one paper has."""
    long, short = (
        ("Дмитрий Сергеевич Соколов", "Дмитрий Соколов"),
        ("محمد أحمد الحسن", "محمد الحسن"),
        ("José García Villanueva", "JOSE GARCIA"),
        ("Ольга Ивановна Кузнецова", "Olga Kuznetsova"),
        ("Fatima Ahmed Alfarsi", "Fatima Alfarsi"),
        ("Maria João Pereira Duarte", "Maria Duarte"),
    )[k % 6]
    t = m.trade(rng, who=person(rng, ("cyrillic", "arabic", "latin")[k % 3]))
    if k // 6 % 2:
        t.bought_by(short, payer=long)
    else:
        t.bought_by(long, payer=short)
    return [t]


@_oddity
def in_care_of_a_firm(m: Maker, rng: Random, k: int) -> list[Trade]:
    """The parcel goes to the buyer's work; the carrier writes the firm beside the name."""
    who = person(rng, "latin")
    t = m.trade(rng, who=who)
    place = firm(rng, ("GmbH", "Ltd", "LLC")[k % 3]).name
    t.shipment[0]["consignee"] = (f"{who.name} c/o {place}", f"{place}, {who.name}", f"{place} attn. {who.name}")[k % 3]
    return [t]
