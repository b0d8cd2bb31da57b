"""Screening 10,000 listings against 1,000,000 marks: time, memory, recall by kind of alteration, precision on real
names.

    python benchmarks/screen.py [--marks 1000000] [--listings 10000] [--names FILE ...]

`--names` are files of real brand names: simple-icons' data/simple-icons.json, name-suggestion-index's
dist/json/nsi.json. The register is made on a seed: invented words, ordinary words, and a tenth of Chinese names. Beside
it, in the same run: brute force with rapidfuzz (a sample, scaled to all pairs) and sparse_dot_topn on letter triples.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from crossbook.brand import index as ix
from crossbook.brand.goods import learn
from crossbook.brand.goods import load as load_goods
from crossbook.brand.goods import save as save_goods
from crossbook.brand.letters import WIDTH, fold
from crossbook.brand.listing import Known, Listing
from crossbook.brand.matching import translations
from crossbook.brand.register import Register
from crossbook.brand.screen import KEPT, screen
from crossbook.brand.spans import spans_of

SEED = 20261125
ONSETS = """b c d f g h j k l m n p qu r s t v w y z
bl br ch cl cr dr fl fr gl gr ph pl pr sc sh sk sl sm sn sp st str th tr tw""".split()
NUCLEI = "a e i o u a e i o u ai ea ee ia ie io oa oo ou".split()
CODAS = ["", "", "", *"n r x l t s ck m d g k p b nd nt rd rt ll ss st lt mp sh th".split()]
GOODS = {
    9: "phone cases chargers cables headphones batteries",
    18: "handbags backpacks wallets luggage leather",
    25: "shirts shoes jackets hats dresses socks",
    21: "bottles mugs cups kitchen brushes",
    28: "toys games dolls balls",
    14: "watches rings necklaces jewelry bracelets",
    3: "soap perfume shampoo lipstick cream",
    11: "lamps heaters lights",
}
HAN = [bytes((a, b)).decode("gb2312") for a in range(0xB0, 0xD7) for b in range(0xA1, 0xFE)]
CYRILLIC = dict(zip("aceopxyi", "асеорхуі", strict=True)) | {"o": "ο", "k": "κ", "v": "ν"}
DIGITS = {"o": "0", "i": "1", "e": "3", "a": "4", "s": "5", "t": "7", "l": "1"}
KNOWN_SOUNDS = [
    ("ph", "f"),
    ("f", "ph"),
    ("ck", "k"),
    ("k", "c"),
    ("x", "cks"),
    ("ea", "ee"),
    ("oo", "ou"),
    ("c", "k"),
    ("z", "s"),
    ("ie", "ee"),
    ("ai", "ay"),
    ("s", "z"),
    ("i", "y"),
]
# Not looked at while the codes were written: endings, doubled and silent letters, borrowed spellings.
UNSEEN_SOUNDS = [
    ("ch", "tsch"),
    ("sh", "ch"),
    ("j", "dj"),
    ("w", "wh"),
    ("r", "rh"),
    ("n", "kn"),
    ("t", "tt"),
    ("m", "mm"),
    ("g", "gh"),
    ("er", "a"),
    ("or", "aw"),
    ("ou", "oo"),
    ("v", "w"),
    ("l", "ll"),
    ("d", "dd"),
    ("b", "bb"),
    ("a", "ah"),
    ("u", "oo"),
]


TITLES = """
leather phone case cover slim soft shockproof clear black blue women men kids running shoes jacket waterproof
hiking backpack travel bottle stainless steel vacuum insulated kitchen knife set wooden handle garden hose nozzle
wireless charger cable fast charging adapter desk lamp dimmable light strip outdoor camping tent lightweight
portable folding chair yoga mat thick non slip cotton shirt short sleeve summer dress long winter gloves warm hat
sports socks pack gift box birthday party decorations balloons wall art print canvas bathroom towel rack shower
curtain storage basket organizer drawer pet dog collar cat toy ball replacement filter parts battery remote control
screen protector tempered glass holder mount car seat cushion bike pump tool kit drill bits screwdriver hair dryer
brush makeup bag travel size cream face
""".split()


def vocabulary(rng: random.Random, n: int) -> list[str]:
    """Words that stand for a language's ordinary ones."""
    return sorted(
        {
            "".join(rng.choice(ONSETS) + rng.choice(NUCLEI) + rng.choice(CODAS) for _ in range(rng.choice((1, 2, 2))))
            for _ in range(n * 2)
        }
    )[:n]


def made_marks(rng: random.Random, n: int, words: list[str]) -> pa.Table:
    def word() -> str:
        if rng.random() < 0.45:
            return rng.choice(words)
        return "".join(
            rng.choice(ONSETS) + rng.choice(NUCLEI) + rng.choice(CODAS) for _ in range(rng.choice((2, 2, 3)))
        )

    def mark() -> str:
        if rng.random() < 0.1:
            return "".join(rng.choices(HAN, k=rng.choice((2, 3, 3, 4))))
        return " ".join(word() for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))).upper()

    classes = rng.choices(list(GOODS), k=n)
    return pa.table(
        {
            "register": pa.array(["US"] * n).dictionary_encode(),
            "number": [f"{i:08d}" for i in range(n)],
            "mark": [mark() for _ in range(n)],
            "live": pa.array(rng.choices(("live", "dead"), (3, 1), k=n)).dictionary_encode(),
            "classes": [str(c) for c in classes],
            "goods": [GOODS[c] for c in classes],
            "owner": [f"Owner {rng.randrange(n // 3)}" for _ in range(n)],
        }
    )


def letter(rng: random.Random) -> str:
    return rng.choice("abcdefghijklmnoprstuvwz")


def one_off(rng: random.Random, text: str) -> str:
    i, what = rng.randrange(len(text)), rng.randrange(3)
    if what == 0:
        return text[:i] + rng.choice([c for c in "abcdeghklmnoprstu" if c != text[i].lower()]) + text[i + 1 :]
    return text[:i] + letter(rng) + text[i:] if what == 1 else text[:i] + text[i + 1 :]


def swapped(rng: random.Random, text: str) -> str:
    places = [i for i in range(len(text) - 1) if text[i] != text[i + 1] and " " not in text[i : i + 2]]
    i = rng.choice(places)
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def replaced(rng: random.Random, text: str, table: list[tuple[str, str]]) -> str | None:
    fit = [(a, b) for a, b in table if a in text]
    if not fit:
        return None
    a, b = rng.choice(fit)
    at = rng.choice([i for i in range(len(text)) if text.startswith(a, i)])
    return text[:at] + b + text[at + len(a) :]


def look_alike(rng: random.Random, text: str, table: dict[str, str]) -> str | None:
    fit = [i for i, c in enumerate(text) if c in table]
    if not fit:
        return None
    chosen = set(rng.sample(fit, k=min(len(fit), rng.choice((1, 2, 3)))))
    return "".join(table[c] if i in chosen else c for i, c in enumerate(text))


def homophone(rng: random.Random, text: str, by_sound: dict[str, list[str]], sound: dict[str, str]) -> str | None:
    places = [i for i, c in enumerate(text) if len(by_sound[sound[c]]) > 1]
    if not places:
        return None
    i = rng.choice(places)
    return text[:i] + rng.choice([c for c in by_sound[sound[text[i]]] if c != text[i]]) + text[i + 1 :]


def alterations(rng: random.Random) -> dict[str, object]:
    """Ten kinds, and sound changes that were not used while building:
    a function of a mark each, None where none fits."""
    from crossbook.brand.sound import pinyin_of

    sound = {c: pinyin_of(c) for c in HAN}
    by_sound: dict[str, list[str]] = {}
    for c, s in sound.items():
        by_sound.setdefault(s, []).append(c)
    affixes = ("pro", "shop", "store", "official", "my", "the", "sport", "plus", "kids", "x")

    def latin(function, least=4):  # type: ignore[no-untyped-def]
        def made(text: str) -> str | None:
            return function(text.lower()) if text.isascii() and len(text.replace(" ", "")) >= least else None

        return made

    def affixed(text: str) -> str | None:
        a = rng.choice(affixes)
        return None if " " in text else (a + text if rng.random() < 0.4 else text + a)

    def inside(text: str, mark: str) -> str:
        i = rng.randrange(2, len(text) - 1)
        return text[:i].rstrip() + mark + text[i:].lstrip()

    return {
        "same, other case": lambda t: t.title(),
        "one letter off": latin(lambda t: one_off(rng, t)),
        "two letters off": latin(lambda t: one_off(rng, one_off(rng, t)), 8),
        "letters swapped": latin(lambda t: swapped(rng, t)),
        "space or hyphen": latin(lambda t: inside(t, rng.choice((" ", "-"))), 5),
        "look-alike alphabet": latin(lambda t: look_alike(rng, t, CYRILLIC)),
        "digits for letters": latin(lambda t: look_alike(rng, t, DIGITS)),
        "prefix or suffix": latin(affixed, 5),
        "English sound": latin(lambda t: replaced(rng, t, KNOWN_SOUNDS)),
        "Chinese sound": lambda t: (
            None
            if t.isascii()
            else (homophone(rng, t, by_sound, sound) if rng.random() < 0.5 else "".join(sound[c] for c in t))
        ),
        "unseen sound": latin(lambda t: replaced(rng, t, UNSEEN_SOUNDS)),
    }


def recall(
    register: Register, marks: pa.Table, words: list[str], rng: random.Random, each: int
) -> dict[str, tuple[float, float]]:
    """For each kind, how often the mark is found at all, and how often among the KEPT gravest hits that are told."""
    texts, live = marks["mark"].to_pylist(), marks["live"].to_pylist()
    out = {}
    for name, change in alterations(rng).items():
        planted: list[tuple[str, str]] = []
        while len(planted) < each:
            at = rng.randrange(len(texts))
            mark = texts[at]
            if live[at] == "dead" or not 3 <= len(fold(mark)) <= WIDTH or (mark.isascii() and len(fold(mark)) < 4):
                continue
            changed = change(mark)
            if changed and (name.startswith("same") or changed.lower() != mark.lower()):
                planted.append((mark, changed))
        listings = [
            Listing(str(i), " ".join([*rng.choices(words, k=5), c, *rng.choices(words, k=5)]))
            for i, (_, c) in enumerate(planted)
        ]
        told: dict[int, list[str]] = {}
        hits = screen(register, listings, Known(translations=translations()), kept=5_000)
        for place, mark in zip(hits["listing"].to_pylist(), hits["mark"].to_pylist(), strict=True):
            told.setdefault(place, []).append(fold(mark))
        found = [fold(m) in told.get(i, ()) for i, (m, _) in enumerate(planted)]
        first = [fold(m) in told.get(i, ())[:KEPT] for i, (m, _) in enumerate(planted)]
        out[name] = (sum(found) / each, sum(first) / each)
    return out


def real_names(paths: list[str]) -> list[str]:
    names: set[str] = set()
    for path in paths:
        told = json.loads(Path(path).read_text(encoding="utf-8"))
        if isinstance(told, dict) and "nsi" in told:
            names |= {i["displayName"] for group in told["nsi"].values() for i in group.get("items", [])}
        else:
            rows = told["icons"] if isinstance(told, dict) else told
            names |= {r["title"] for r in rows}
    return sorted(n for n in names if 4 <= len(fold(n)) <= WIDTH and len(n.split()) <= 4)


def precision(names: list[str], rng: random.Random, words: list[str], each: int) -> dict[str, float]:
    """Real names as the register; titles with one of them altered by a letter:
    how often the gravest hit is that name."""
    n = len(names)
    marks = pa.table(
        {
            "register": ["X"] * n,
            "number": [str(i) for i in range(n)],
            "mark": names,
            "live": ["live"] * n,
            "classes": [""] * n,
            "owner": names,
        }
    )
    goods, ordinary = learn(
        marks.append_column("goods", pa.array([" ".join(words)] * n)).set_column(4, "classes", pa.array(["9"] * n))
    )  # the titles' words stand in the register's statements of goods
    register = Register(segments=(ix.build(marks),), stands=(np.ones(n, bool),), goods=goods, ordinary=ordinary)
    chosen = [rng.choice(names) for _ in range(each)]
    out = {}
    for name, change in (("as it is", lambda t: t), ("one letter off", lambda t: one_off(rng, t))):
        listings = [
            Listing(str(i), " ".join([*rng.choices(words, k=5), change(c), *rng.choices(words, k=5)]))
            for i, c in enumerate(chosen)
        ]
        hits = screen(register, listings, Known())
        first: dict[int, str] = {}
        grave = right = 0
        for row in hits.select(["listing", "mark", "level"]).to_pylist():
            first.setdefault(row["listing"], row["mark"])
            if row["level"] == "act":
                grave += 1
                right += fold(row["mark"]) == fold(chosen[row["listing"]])
        out[f"{name}: gravest hit is the name"] = (
            sum(fold(first.get(i, "")) == fold(c) for i, c in enumerate(chosen)) / each
        )
        out[f"{name}: hits called 'act' that are the name"] = right / max(grave, 1)
    return out


def peers(register: Register, texts: list[str], sample: int) -> dict[str, float | str]:
    """Seconds that all spans against all entries would take, scaled from a sample; a missing peer is named."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    entries = register.segments[0].entries["text"].to_pylist()
    start = time.perf_counter()
    cdist(texts[:sample], entries, scorer=OSA.normalized_similarity, score_cutoff=0.75, dtype=np.uint8, workers=-1)
    spent = time.perf_counter() - start
    out: dict[str, float | str] = {
        "rapidfuzz, million pairs a second": sample * len(entries) / spent / 1e6,
        "rapidfuzz, seconds for all spans": spent * len(texts) / sample,
    }
    out["sparse_dot_topn, seconds for all spans"] = by_sparse_dot_topn(texts, entries, max(sample * 20, 1000))
    return out


def by_sparse_dot_topn(texts: list[str], entries: list[str], sample: int) -> float | str:
    """Seconds for all texts, scaled from the first `sample`; or that it, or scipy, is missing."""
    try:
        from sparse_dot_topn import sp_matmul_topn

        start = time.perf_counter()
        a, b = triples(texts[:sample]), triples(entries)
    except ModuleNotFoundError as error:
        return f"missing: {error.name}"
    sp_matmul_topn(a, b.T.tocsr(), top_n=8, threshold=0.5, n_threads=2)
    return (time.perf_counter() - start) * len(texts) / min(sample, len(texts))


def triples(texts: list[str]):  # type: ignore[no-untyped-def]
    from scipy.sparse import csr_matrix

    rows, columns = [], []
    for i, text in enumerate(texts):
        padded = f" {text} "
        for j in range(len(padded) - 2):
            rows.append(i)
            columns.append(hash(padded[j : j + 3]) & 0xFFFF)
    matrix = csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(texts), 1 << 16))
    norms = np.sqrt(matrix.multiply(matrix).sum(axis=1)).A1
    matrix.data /= np.repeat(np.maximum(norms, 1e-9), np.diff(matrix.indptr))
    return matrix


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def build_only(folder: Path, marks_file: Path) -> None:
    """In a process of its own, so that its memory is its own."""
    marks = pa.ipc.open_file(pa.memory_map(str(marks_file))).read_all()
    start = time.perf_counter()
    goods, ordinary = learn(marks)
    ix.save(ix.build(marks.drop_columns(["goods"])), folder)
    save_goods(goods, ordinary, folder)
    print(json.dumps({"seconds": time.perf_counter() - start, "GiB": peak()}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--marks", type=int, default=1_000_000)
    parser.add_argument("--listings", type=int, default=10_000)
    parser.add_argument("--each", type=int, default=1_000, help="alterations of each kind")
    parser.add_argument("--names", nargs="*", default=[], help="files of real brand names")
    parser.add_argument("--build-only", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--screen-only", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.build_only:
        build_only(Path(asked.build_only[0]), Path(asked.build_only[1]))
        return
    rng = random.Random(SEED)
    words = vocabulary(rng, 6_000)
    if asked.screen_only:
        screened(Path(asked.screen_only), rng, words, asked)
        return
    with tempfile.TemporaryDirectory() as place:
        marks = made_marks(rng, asked.marks, words)
        file, folder = Path(place) / "marks.arrow", Path(place) / "index"
        with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, marks.schema) as writer:
            writer.write_table(marks)
        run = [sys.executable, __file__, "--marks", str(asked.marks), "--listings", str(asked.listings)]
        told = subprocess.run(
            [*run, "--build-only", str(folder), str(file)], check=True, capture_output=True, text=True
        )
        built = json.loads(told.stdout)
        size = sum(f.stat().st_size for f in folder.iterdir()) / 1024**3
        print(
            f"index of {asked.marks:,} marks: {built['seconds']:.1f} s, {built['GiB']:.2f} GiB at most, "
            f"{size:.2f} GiB on disk"
        )
        subprocess.run([*run, "--each", str(asked.each), "--screen-only", str(folder)], check=True)
    if asked.names:
        names = real_names(asked.names)
        print(f"precision on {len(names):,} real names:")
        for name, share in precision(names, rng, TITLES, asked.each).items():
            print(f"  {name:<48} {share:.3f}")


def screened(folder: Path, rng: random.Random, words: list[str], asked: argparse.Namespace) -> None:
    segment = ix.load(folder)
    goods, ordinary = load_goods(folder)
    register = Register(
        segments=(segment,), stands=(np.ones(segment.marks.num_rows, bool),), goods=goods, ordinary=ordinary
    )
    texts = segment.marks["mark"]
    weights = [1 / (i + 5) for i in range(len(words))]
    listings = []
    for i in range(asked.listings):
        title = rng.choices(words, weights, k=rng.randint(10, 16))
        title.insert(rng.randrange(len(title)), texts[rng.randrange(len(texts))].as_py().title())
        listings.append(Listing(str(i), " ".join(title)))
    known = Known(translations=translations())
    times = []
    for _ in range(3):
        start = time.perf_counter()
        hits = screen(register, listings, known)
        times.append(time.perf_counter() - start)
    least = peak()
    print(
        f"{asked.listings:,} listings: {', '.join(f'{t:.2f}' for t in times)} s, {hits.num_rows:,} hits, "
        f"{least:.2f} GiB at most, the mapped index in it"
    )

    spans = spans_of(listings, register).texts
    for name, value in peers(register, spans, 20).items():
        print(f"  {name:<44} {value if isinstance(value, str) else f'{value:,.0f}'}")
    found = recall(register, segment.marks, words, rng, asked.each)
    kinds = [v for k, v in found.items() if not k.startswith("unseen")]
    for name, (share, first) in found.items():
        print(f"  recall, {name:<24} {share:.3f}  among the {KEPT} gravest {first:.3f}")
    print(f"  recall over {len(kinds)} kinds: {sum(s for s, _ in kinds) / len(kinds):.3f}")


if __name__ == "__main__":
    main()
