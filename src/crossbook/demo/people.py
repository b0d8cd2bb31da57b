"""Names of the sample business's made-up buyers, and the ways in which papers write one name."""

from __future__ import annotations

import numpy as np

from crossbook.demo.writing import Ints

_FIRST = {
    "US": "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph "
    "Jessica Thomas Sarah Carlos Karen Daniel Nancy Matthew Lisa Anthony Betty Mark Sandra Steven Ashley",
    "GB": "Oliver Amelia George Isla Harry Ava Noah Emily Jack Sophie Leo Grace Oscar Freya Archie Lily Henry Ella",
    "DE": "Lukas Hanna Leon Emma Finn Mia Jonas Anna Paul Lena Felix Marie Jürgen Käthe Björn Heike Max Greta",
    "FR": "Gabriel Louise Raphaël Jade Arthur Chloé Hugo Camille Jules Élise Adam Manon Lucas Inès Nathan Zoé",
    "RO": "Andrei Maria Ion Elena Mihai Ioana Alexandru Ana Ștefan Gabriela",
    "JP": "Haruto Yui Sota Hina Yuto Aoi Riku Sakura Ren Mei Kaito Rin Minato Yuna Hinata Akari",
}
_LAST = {
    "US": "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson "
    "Anderson Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker "
    "Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell",
    "GB": "Evans Hughes Edwards Patel Wood Shaw Murray Fraser Bennett Carter Ellis Marsh Barker Holmes Palmer Knight",
    "DE": "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Richter Wolf Neumann",
    "FR": "Bernard Dubois Thomas Robert Petit Durand Leroy Moreau Simon Laurent Lefèvre Michel Roux Fournier Girard",
    "RO": "Popescu Ionescu Popa Radu Dumitru Stan Stoica Gheorghe Matei Ciobanu",
    "JP": "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Matsumoto",
}
_LIKE = {"CA": "US", "AU": "GB"}  # whose names are used where there is no list


def names(rng: np.random.Generator, countries: list[str]) -> list[str]:
    """A made-up person in each country."""
    draws: Ints = rng.integers(0, 1 << 30, (len(countries), 2))
    lists = {c: (_FIRST[_LIKE.get(c, c)].split(), _LAST[_LIKE.get(c, c)].split()) for c in set(countries)}
    return [
        f"{lists[c][0][a % len(lists[c][0])]} {lists[c][1][b % len(lists[c][1])]}"
        for c, (a, b) in zip(countries, draws.tolist(), strict=True)
    ]


def written(rng: np.random.Generator, people: list[str]) -> list[str]:
    """The same people as another paper writes them: mostly alike, some in capitals, turned round or with an initial."""
    found = []
    for name, draw in zip(people, rng.random(len(people)).tolist(), strict=True):
        first, last = name.split(" ", 1)
        if draw < 0.05:
            found.append(name.upper())
        elif draw < 0.08:
            found.append(f"{last}, {first}")
        elif draw < 0.10:
            found.append(f"{first[0]}. {last}")
        else:
            found.append(name)
    return found
