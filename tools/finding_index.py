"""Make the index that finds tariff numbers: python tools/finding_index.py FPO_SEARCH HSCODECOMP WORDLLAMA

FPO_SEARCH is a checkout of github.com/trade-tariff/trade-tariff-lambdas-fpo-search (search references of HM Revenue
and Customs, MIT), HSCODECOMP the file test_data.jsonl of github.com/AIDC-AI/Marco-Search-Agent (sellers' titles with
numbers given by customs experts, Apache-2.0), WORDLLAMA the folder of the installed package wordllama (MIT).
Writes `references.csv`, `titles.csv` and `index.npz` of `src/crossbook/data/duty/finding/`. Where only `goods.csv`,
`provisions.csv` or `traits.csv` changed none of the three is needed: python tools/finding_index.py
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from crossbook.duty.finding import traits
from crossbook.duty.finding.index import made_of
from crossbook.duty.finding.measuring import held_back
from crossbook.duty.finding.words import is_chinese, plain, stems
from crossbook.duty.schedule import table

DATA = Path(__file__).parent.parent / "src" / "crossbook" / "data" / "duty" / "finding"
KINDS = {"own": 0, "chinese": 1, "reference": 2, "description": 3, "title": 4, "schedule": 5}
SIZE = 128  # of a word's vector, of 256 that wordllama has


def subheadings() -> dict[str, list[str]]:
    """Six digits of the newest schedule -> the paths of their lines."""
    found: dict[str, list[str]] = defaultdict(list)
    lines = table().select(["code", "valid_to", "path"]).to_pydict()
    for code, until, path in zip(lines["code"], lines["valid_to"], lines["path"], strict=True):
        if until is None:
            found[code[:6]].append(path)
    return dict(sorted(found.items()))


def read(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write(name: str, head: list[str], rows: list[tuple[str, ...]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


def references(folder: Path, known: set[str]) -> None:
    """Search references (single words of the trade) and described goods of the British tariff, to six digits."""
    data = folder / "reference_data"
    told = [(k, v, "reference") for k, v in json.loads((data / "search_references.json").read_text("utf-8")).items()]
    with (data / "extra_references.csv").open(encoding="utf-8", newline="") as file:
        told += [(r[0], r[1], "description") for r in list(csv.reader(file))[1:]]
    rows = sorted({(t.strip(), c[:6], k) for t, c, k in told if c[:6] in known and stems(t)})
    write("references.csv", ["text", "code", "kind"], rows)


def titles(file: Path, known: set[str]) -> None:
    """Sellers' titles, with their category, to six digits. The half that is held back stays out."""
    rows = []
    for line in file.read_text("utf-8").splitlines():
        told = json.loads(line)
        code = f"{int(told['hs_code']):010d}"[:6]
        if code in known and not held_back(told["product_name"]):
            rows.append((told["product_name"], code))
    write("titles.csv", ["text", "code"], sorted(set(rows)))


def documents(known: dict[str, list[str]]) -> list[tuple[str, str, int]]:
    """All that a query is compared with: six digits, text, kind; sorted by the digits."""
    found = []
    for r in read("goods.csv"):
        found += [(r["code"], t, KINDS["own"]) for t in r["words"].split(";") if t]
        found += [(r["code"], t, KINDS["chinese"]) for t in r["chinese"].split(";") if t]
    for r in read("provisions.csv"):
        found += [(r["code"][:6], t, KINDS["own"]) for t in r["words"].split(";")]
        found += [(r["code"][:6], t, KINDS["chinese"]) for t in r["chinese"].split(";")]
    found += [(r["code"], r["text"], KINDS[r["kind"]]) for r in read("references.csv")]
    found += [(r["code"], r["text"], KINDS["title"]) for r in read("titles.csv")]
    for code, paths in known.items():
        parts = dict.fromkeys(part for path in paths for part in path.split(" > "))
        found.append((code, " ; ".join(parts), KINDS["schedule"]))
    return sorted(found)


def postings(docs: list[tuple[str, str, int]]) -> dict[str, Any]:
    """Which documents have which stem how often, and how rare each stem is among examples and in the schedule."""
    lists: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rare = np.zeros((2, 0), np.float32)
    counted = [Counter(stems(text)) for _, text, _ in docs]
    for number, words in enumerate(counted):
        for word, times in words.items():
            lists[word].append((number, min(times, 255)))
    vocabulary = sorted(lists)
    law = np.array([kind == KINDS["schedule"] for _, _, kind in docs])
    rare = np.zeros((2, len(vocabulary)), np.float32)
    for i, word in enumerate(vocabulary):
        seen = np.array([n for n, _ in lists[word]])
        for row, group in enumerate((~law, law)):
            size, having = group.sum(), group[seen].sum()
            rare[row, i] = np.log(1 + (size - having + 0.5) / (having + 0.5))
    place = {w: i for i, w in enumerate(vocabulary)}
    norms = [np.sqrt(sum(rare[0, place[w]] ** 2 for w in words)) or 1.0 for words in counted]
    return {
        "stems": "\n".join(vocabulary),
        "starts": np.cumsum([0, *(len(lists[w]) for w in vocabulary)]).astype(np.int32),
        "posted": np.array([n for w in vocabulary for n, _ in lists[w]], np.int32),
        "times": np.array([t for w in vocabulary for _, t in lists[w]], np.uint8),
        "rare": rare.astype(np.float16),
        "norms": np.array(norms, np.float16),
    }


def vectors(folder: Path, docs: list[tuple[str, str, int]]) -> dict[str, Any]:
    """A vector for each word of the documents and of common English: the mean of its tokens, cut short."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    weights = next(iter(load_file(folder / "weights" / "l2_supercat_256.safetensors").values())).astype(np.float32)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    common = {t[1:].lower() for t in tokenizer.get_vocab() if t[0] == "▁" and t[1:].isascii() and t[1:].isalpha()}
    own = {w for _, text, _ in docs for w in plain(text) if not is_chinese(w)}
    words = sorted(own | {w for w in common if len(w) > 3})
    ids = [tokenizer.encode(w, add_special_tokens=False).ids for w in words]
    whole = np.stack([weights[i].mean(0) if i else np.zeros(weights.shape[1], np.float32) for i in ids])
    _, _, axes = np.linalg.svd(whole, full_matrices=False)
    short = whole @ axes[:SIZE].T
    scale = np.abs(short).max(axis=1, keepdims=True)
    scale[scale == 0] = 1
    return {
        "words": "\n".join(words),
        "vectors": np.round(short / scale * 127).astype(np.int8),
        "scales": (scale[:, 0] / 127).astype(np.float16),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fpo_search", type=Path, nargs="?")
    parser.add_argument("hscodecomp", type=Path, nargs="?")
    parser.add_argument("wordllama", type=Path, nargs="?")
    given = parser.parse_args()
    known = subheadings()
    for r in read("provisions.csv"):
        known.setdefault(r["code"][:6], []).append(r["path"])
    if given.fpo_search and given.hscodecomp:
        references(given.fpo_search, set(known))
        titles(given.hscodecomp, set(known))
    docs = documents(known)
    if given.wordllama:
        kept = vectors(given.wordllama, docs)
    else:
        with np.load(DATA / "index.npz", allow_pickle=False) as old:
            kept = {name: old[name] for name in ("words", "vectors", "scales")}
    place = {w: i for i, w in enumerate(str(kept["words"]).split("\n"))}
    inside = [[place[w] for w in dict.fromkeys(plain(text)) if w in place] for _, text, _ in docs]
    codes = list(known)
    number = {c: i for i, c in enumerate(codes)}
    bits = np.array([traits.of_subheading(c, known[c]) for c in codes], np.uint8)
    np.savez_compressed(
        DATA / "index.npz",
        **kept,
        **postings(docs),
        codes="\n".join(codes),
        subheading=np.array([number[c] for c, _, _ in docs], np.int32),
        kind=np.array([k for _, _, k in docs], np.uint8),
        texts="\n".join("" if k == KINDS["schedule"] else t for _, t, k in docs),
        inside=np.array([w for ws in inside for w in ws], np.int32),
        inside_starts=np.cumsum([0, *(len(ws) for ws in inside)]).astype(np.int32),
        traits=bits,
        made_of=made_of(),
    )
    print(len(docs), "texts,", len(codes), "subheadings,", (DATA / "index.npz").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
