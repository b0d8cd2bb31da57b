"""Parties against lists: names in all scripts, weak aliases, common names, editions; what a hit says and does."""

from __future__ import annotations

from typing import Any

import pytest

from crossbook.trade.listed import common, judge
from crossbook.trade.name_keys import Listed
from crossbook.verify.parties import screened
from tests.verify.facts_of import day, facts, papers, prepare, verified

NAMES = ("order__buyer", "order__consignee", "payment__payer", "shipment__consignee")


def listed(*names: tuple[str, str], **more: Any) -> dict[str, list[dict[str, Any]]]:
    """One entry with these names, each with its quality."""
    entry = {"list": "UN Consolidated", "entry": "XXi.901", "type": "individual", "published": day("2026-06-20")}
    return {"listed_party": [entry | {"name": name, "quality": quality} | more for name, quality in names]}


def trade_of(name: str, **more: Any) -> dict[str, list[dict[str, Any]]]:
    return papers("A1", **(dict.fromkeys(NAMES, name) | more))


def told(name: str, *names: tuple[str, str], **more: Any) -> set[str]:
    return set(verified(facts(**trade_of(name), **listed(*names, **more)))["A1"][1])


@pytest.mark.parametrize(
    ("name", "on_list", "rule"),
    [
        ("Zemfir Barsukov", "BARSUKOV, Zemfir", "party_listed"),
        ("Земфир Барсуков", "Zemfir BARSUKOV", "party_may_be_listed"),
        ("Zemfir Barsukov", "Земфир Барсуков", "party_may_be_listed"),
        ("Grey Heron Maritime LLC", "GREY HERON MARITIME L.L.C.", "party_listed"),
        ("Zemfir Oktavian Barsukov", "Zemfir Barsukov", "party_may_be_listed"),
    ],
)
def test_names_that_are_called(name: str, on_list: str, rule: str) -> None:
    assert told(name, (on_list, "primary")) == {rule}


@pytest.mark.parametrize(
    ("name", "on_list"),
    [
        ("Wang Fang", "Wang Wei"),  # a surname alone
        ("王芳", "王伟"),
        ("Wang", "Wang Wei"),
        ("Kim Min Jun", "Kim Jong Su"),
        ("Maria Garcia", "Jose Garcia"),
        ("Mary Smith", "Smith Maritime LLC"),
        ("Mohamed Ali Hassan", "Mohamed Omar Khalid"),
    ],
)
def test_names_that_only_look_like_it(name: str, on_list: str) -> None:
    assert told(name, (on_list, "primary")) == set()


def test_a_weak_alias_is_milder_and_a_common_name_too() -> None:
    assert told("Zemfir Barsukov", ("Nobody Else", "primary"), ("Zemfir Barsukov", "weak")) == {"party_may_be_listed"}
    assert told("Wei Wang", ("Wang Wei", "primary")) == {"party_may_be_listed"}
    assert told("Wei Wang", ("Wang Wei", "weak")) == set()


def test_a_country_that_the_entry_names_makes_it_surer() -> None:
    plain = judge("Wei Wang", "Wang Wei", "primary", "same", {"US"}, "China")
    there = judge("Wei Wang", "Wang Wei", "primary", "same", {"CN"}, "China; Hong Kong")
    assert (plain.score, there.score) == (65, 100)
    assert plain.reason == "the same name; a name that many people have"
    assert there.reason == "the same name; the entry names CN too"


def test_which_names_are_common() -> None:
    assert common("Wang Wei") and common("王伟") and common("김민준") and common("Richard Lee")
    assert not common("Zemfir Barsukov") and not common("Alexandria Featherstonehaugh")


def test_the_newest_edition_of_a_list_counts() -> None:
    old = listed(("Zemfir Barsukov", "primary"), published=day("2026-01-01"), evidence="old")
    new = listed(("Somebody Other", "primary"), evidence="new")
    both = {"listed_party": old["listed_party"] + new["listed_party"]}
    assert verified(facts(**trade_of("Zemfir Barsukov"), **both))["A1"][1] == ()
    assert verified(facts(**trade_of("Zemfir Barsukov"), **old))["A1"][1] == ("party_listed",)


def test_a_hit_says_all_that_is_needed_to_decide() -> None:
    more = {"countries": "Sampleland", "born": "1973-1975", "program": "Sample", "listed_on": day("2014-05-20")}
    database = prepare(facts(**trade_of("Zemfir Barsukov"), **listed(("Zemfir Barsukov", "primary"), **more)))
    found = screened(database)
    assert [(x.list, x.entries, x.published) for x in found.lists] == [("UN Consolidated", 1, day("2026-06-20"))]
    (hit,) = found.hits
    assert (hit.name, hit.entry, hit.score, hit.reason) == ("Zemfir Barsukov", "XXi.901", 95, "the same name")
    assert (hit.roles, hit.orders) == (("buyer", "consignee", "payer"), ("A1",))
    assert (hit.countries, hit.born, hit.listed_on) == ("Sampleland", "1973-1975", day("2014-05-20"))
    assert screened(prepare(facts(**trade_of("Zemfir Barsukov")))).lists == ()


def test_set_aside_by_a_person() -> None:
    database = prepare(
        facts(**trade_of("Zemfir Barsukov"), **listed(("Zemfir Barsukov", "primary"))),
        aside=[("A1", "party_listed")],
    )
    assert [r["verdict"] for r in database.rows("SELECT verdict FROM verdict")] == ["verified"]


# Made names of listed people, and the same people as parties write themselves.
@pytest.mark.parametrize(
    ("on_list", "name"),
    [
        ("Tariq AL-BUSTANI", "طارق البستاني"),
        ("Tariq AL-BUSTANI", "Tarek Al Bustany"),
        ("Abdulrahman AL-SAADI", "عبد الرحمن السعدي"),
        ("Abdulrahman AL-SAADI", "Abd al-Rahman al-Saadi"),
        ("Hussein AL-KHATIB", "حسين الخطيب"),
        ("Hussein AL-KHATIB", "Hussain Alkhatib"),
        ("Hussein AL-KHATIB", "Husayn al-Khateeb"),
        ("Jianguo OUYANG", "欧阳建国"),
        ("Jianguo OUYANG", "歐陽建國"),
        ("Jianguo OUYANG", "Ou Yang Jian Guo"),
        ("Jianguo ZHANG", "张建国"),
        ("Jianguo ZHANG", "Chang Chien-kuo"),
        ("Myong Guk RI", "리명국"),
        ("Myong Guk RI", "Lee Myung-kook"),
        ("Spyridon KARAMANLIS", "Spyros Karamanlis"),
        ("Olexandr HAVRYLENKO", "Олександр Гавриленко"),
        ("Olexandr HAVRYLENKO", "Oleksandr Gavrilenko"),
        ("Mehdi REZAEIAN", "مهدی رضاییان"),
        ("Mehdi REZAEIAN", "Mahdi Rezaian"),
        ("Dmitri Sergeevich VOLKONIN", "Volkonin D.S."),
        ("حميد رضا قاسم پور", "حمید رضا قاسم\u200cپور"),  # Persian letters, and a half space
        ("Moshe SHARETT", "משה שרת"),
        ("Rajesh KUMAR", "राजेश कुमार"),
        ("Сергей Щукин", "Sergueï Chtchoukine"),
    ],
)
def test_every_script_meets_the_list(on_list: str, name: str) -> None:
    assert on_list in Listed([on_list]).near(name)
    assert told(name, (on_list, "primary")) <= {"party_listed", "party_may_be_listed"}
    assert told(name, (on_list, "primary"))
