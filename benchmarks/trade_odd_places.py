"""Many honest buyers at one place: forwarders, hotels, pick-up points, dormitories, houses with flats, families.

Written without sight of the rules: none of these may be called contradicted or suspicious. Each function makes the case
numbered `k`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from trade_names import SCRIPTS, Person, strangers
from trade_papers import Maker, Trade

Case = Callable[[Maker, Random, int], list[Trade]]
PLACES: dict[str, Case] = {}
DAY = timedelta(days=1)


def _oddity(case: Case) -> Case:
    PLACES[case.__name__] = case
    return case


def _at_one_place(m: Maker, rng: Random, people: list[Person], address: Callable[[int], str]) -> list[Trade]:
    home = people[0]
    start = m.trade(rng).placed
    found = []
    for n, who in enumerate(people):
        t = m.trade(rng, who=who.living_at(home), placed=start + n * rng.uniform(0.5, 9) * DAY)
        t.at(address(n))
        found.append(t)
    return found


@_oddity
def forwarder(m: Maker, rng: Random, k: int) -> list[Trade]:
    """A forwarding warehouse that many customers use, each with a box number or in care of it."""
    people = strangers(rng, 8)
    home, box = people[0].address, rng.randint(1000, 8000)
    written = (
        lambda n: f"{home} Suite {box + n * 17}",
        lambda n: f"c/o Parcel Forwarding Inc, {home}, Box {box + n * 23}",
        lambda n: f"{home}, PMB {box + n * 7}",
        lambda n: f"C/O Ship2You Freight Forwarders, {home} # {box + n * 13}",
    )[k % 4]
    return _at_one_place(m, rng, people, written)


@_oddity
def hotel(m: Maker, rng: Random, k: int) -> list[Trade]:
    people = strangers(rng, 7)
    name = ("Grand Plaza Hotel", "Hotel Meridian", "Hilltop Resort & Spa", "富士ホテル")[k % 4]
    home = people[0].address
    return _at_one_place(m, rng, people, lambda n: f"{name}, {home}" + (f", Room {201 + n * 13}" if k % 2 else ""))


@_oddity
def pick_up_point(m: Maker, rng: Random, k: int) -> list[Trade]:
    people = strangers(rng, 8)
    name = (
        "DHL Packstation 145",
        "InPost Locker KRA21M",
        "菜鸟驿站",
        "Amazon Hub Counter",
        "Post Office",
        "Pickup Point 7-Eleven",
    )[k % 6]
    home = people[0].address
    return _at_one_place(m, rng, people, lambda n: f"{name}, {home}")


@_oddity
def dormitory(m: Maker, rng: Random, k: int) -> list[Trade]:
    people = strangers(rng, 9)
    name = ("Student Residence Hall", "Dormitory B", "University Village", "大学学生宿舍3号楼")[k % 4]
    home = people[0].address
    return _at_one_place(m, rng, people, lambda n: f"{name} Room {101 + n * 7}, {home}")


@_oddity
def block_of_flats(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Neighbours in one house, each with a flat."""
    people = strangers(rng, 7)
    home = people[0].address
    word = ("Apt", "Unit", "Flat", "#")[k % 4]
    return _at_one_place(m, rng, people, lambda n: f"{home} {word} {n + 1}{'ABCD'[n % 4]}")


@_oddity
def family_at_home(m: Maker, rng: Random, k: int) -> list[Trade]:
    people = strangers(rng, 4, SCRIPTS[k % len(SCRIPTS)])
    family = [
        replace(x, family=people[0].family, family_latin=people[0].family_latin, phone=people[0].phone) for x in people
    ]
    home = people[0].address
    return _at_one_place(m, rng, family, lambda n: home)
