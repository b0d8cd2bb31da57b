"""The index of a register: sorted keys over the distinct texts of its marks, in files that are mapped into memory.

A segment is made once of a set of marks and never changed; day files become further, smaller segments. An entry is a
distinct folded text; the marks behind it are rows of the segment's table.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from crossbook.brand import keys as k
from crossbook.brand.letters import Counts, fold, is_han, matrix, skeletons
from crossbook.brand.sound import fuzzy_pinyin, pinyin_of, sounds, without_vowel_groups

LETTERS, SOUND, PINYIN, ONE_SOUND = 0, 1, 2, 3  # families of keys: salts of their hashes
EXACT, NEAR_ONE, NEAR_TWO = 0, 1, 2  # how far a text is looked for: as it is; by sound and one letter; two letters
FORMAT = 1
ARRAYS = ("keys", "filter", "buckets", "rows", "starts")
BITS = 27  # log2 of the bits in the filter, for a million keys; more for more
BUCKET_BITS = 22
SHORT_CODE = 3  # a sound code that is shorter is no key
LONG_CODE = 5  # one from which one sound may be left out
ROOM = 3  # letters by which the lengths of two texts may differ
CHUNK = 1 << 15  # texts looked up at a time: what fits the processor's cache
ID_BITS_LEAST = 20
Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Segment:
    """One segment: `keys` sorted, each the upper bits of a hash and an entry; `filter` a bit for each hash's head."""

    keys: k.Hashes
    filter: npt.NDArray[np.uint8]
    buckets: npt.NDArray[np.uint32]  # how many keys lie before each value of the upper BUCKET_BITS
    id_bits: int
    filter_bits: int
    entries: pa.Table  # the forms; live (of any mark), classes (bits of live ones), owners (n), best (row)
    rows: npt.NDArray[np.int64]  # rows of `marks`, entry by entry
    starts: npt.NDArray[np.int64]  # where each entry's rows start in `rows`, and the end
    marks: pa.Table

    def marks_of(self, entry: int) -> npt.NDArray[np.int64]:
        """The rows of `marks` behind an entry."""
        return self.rows[self.starts[entry] : self.starts[entry + 1]]


def build(marks: pa.Table, *, workers: int = 2) -> Segment:
    """A segment over marks: a table with at least the column `mark`.
    Marks without letters are left out of the index."""
    folded = [fold(m or "") for m in marks["mark"].to_pylist()]
    encoded = pa.array(folded).dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(texts) + 1))
    del folded, encoded
    forms = forms_of(texts)
    for name, column in _attributes(marks, order, starts).items():
        forms = forms.append_column(name, pa.array(column))
    id_bits = max(ID_BITS_LEAST, len(texts).bit_length())
    packed = _packed(forms, id_bits, workers)
    packed.sort()
    filter_bits = max(BITS, BITS + (max(len(packed), 1) >> 22).bit_length())
    return Segment(
        keys=packed,
        filter=_filter(packed, filter_bits),
        buckets=_buckets(packed),
        id_bits=id_bits,
        filter_bits=filter_bits,
        entries=forms,
        rows=order,
        starts=starts,
        marks=marks,
    )


def _attributes(marks: pa.Table, order: Counts, starts: Counts) -> dict[str, npt.NDArray[Any]]:
    """Of each entry: whether a mark of it lives, the classes of those as bits, and how many owners it has."""
    if not len(order):
        none = np.zeros(0, np.int64)
        return {"live": none.astype(bool), "classes": none.astype(np.uint64), "owners": none, "best": none}
    held, first = set(marks.column_names), starts[:-1]
    rows = len(order)
    live = np.ones(rows, bool)
    if "live" in held:
        live = pc.fill_null(pc.not_equal(marks["live"].cast(pa.string()), "dead"), True).to_numpy(zero_copy_only=False)
    bits = np.zeros(rows, np.uint64)
    if "classes" in held:
        told = marks["classes"].cast(pa.string()).combine_chunks().dictionary_encode()
        masks = np.array([*(class_bits(t) for t in told.dictionary.to_pylist()), 0], np.uint64)
        bits = masks[pc.fill_null(told.indices, len(told.dictionary)).to_numpy(zero_copy_only=False)]
    owners = np.zeros(rows, np.int64)
    if "owner" in held:
        owners = marks["owner"].cast(pa.string()).combine_chunks().dictionary_encode(null_encoding="encode").indices
        owners = owners.to_numpy(zero_copy_only=False).astype(np.int64)
    entry = np.repeat(np.arange(len(first)), np.diff(starts))
    pairs = np.unique(entry * (owners.max() + 1) + owners[order])
    places = np.where(live[order], np.arange(rows), rows)
    best = np.minimum.reduceat(places, first)  # the first living mark, else the first
    return {
        "best": order[np.where(best < rows, np.minimum(best, rows - 1), first)],
        "live": np.logical_or.reduceat(live[order], first),
        "classes": np.bitwise_or.reduceat(np.where(live[order], bits[order], np.uint64(0)), first),
        "owners": np.bincount(pairs // (owners.max() + 1), minlength=len(first)),
    }


def class_bits(text: str | None) -> int:
    """Nice classes, as "9 18 25", as bits of one number."""
    return sum(1 << n for n in {int(t) for t in (text or "").split() if t.isdigit()} if 0 < n < 64)


def _packed(forms: pa.Table, id_bits: int, workers: int) -> k.Hashes:
    """Every key of every entry: the upper bits of its hash, and below them the entry."""
    low = np.uint64((1 << id_bits) - 1)

    def part(start: int) -> k.Hashes:
        piece = forms.slice(start, CHUNK)
        levels = np.full(piece.num_rows, NEAR_TWO)
        found = [
            (hashes & ~low) | (owners + start).astype(np.uint64)
            for hashes, owners in _every_key(piece, levels, marks=True)
        ]
        return np.concatenate(found)

    with ThreadPoolExecutor(workers) as pool:
        pieces = list(pool.map(part, range(0, forms.num_rows, CHUNK)))
    packed = np.empty(sum(map(len, pieces)), np.uint64)
    end = len(packed)
    while pieces:  # each is freed once it is copied
        piece = pieces.pop()
        packed[end - len(piece) : end] = piece
        end -= len(piece)
    return packed


def forms_of(texts: list[str], levels: npt.NDArray[np.int64] | None = None) -> pa.Table:
    """The forms of folded texts by which they are compared: as they are, by look, by sound, in pinyin.

    Texts of level EXACT get no sound.
    """
    pinyin = [pinyin_of(t) if not t.isascii() and is_han(t) else "" for t in texts]
    said = [p or t for t, p in zip(texts, pinyin, strict=True)] if any(pinyin) else texts
    codes = [""] * len(texts)
    near = range(len(texts)) if levels is None else np.flatnonzero(levels != EXACT).tolist()
    for i, code in zip(near, sounds([said[i] for i in near]), strict=True):
        codes[i] = code
    return pa.table(
        {"text": texts, "skeleton": skeletons(texts), "code": codes, "pinyin": pinyin},
        schema=pa.schema([(n, pa.string()) for n in ("text", "skeleton", "code", "pinyin")]),
    )


def _every_key(
    forms: pa.Table, levels: npt.NDArray[np.int64], *, marks: bool = False
) -> Iterator[tuple[k.Hashes, k.Owners]]:
    """(hashes, texts) of every key of every form. Marks give pinyin only where they are Chinese."""
    rows, lengths = matrix(forms["skeleton"].to_pylist())
    sums = k.prefixes(rows)
    every = np.flatnonzero(lengths > 0)
    yield k.mix(k.whole(sums)[every], LETTERS), every
    near = np.where(levels >= NEAR_ONE, lengths, 0)
    for hashes, owners in k.without_one(rows, sums, near):
        yield k.mix(hashes, LETTERS), owners
    near = np.where(levels >= NEAR_TWO, lengths, 0)
    for hashes, owners in k.ends_without_one(rows, near):
        yield k.mix(hashes, LETTERS), owners
    for hashes, owners in k.without_two(rows, sums, near):
        yield k.mix(hashes, LETTERS), owners
    codes = forms["code"].to_pylist()
    rows, lengths = matrix(without_vowel_groups(codes))
    fit = np.flatnonzero(lengths >= SHORT_CODE)
    yield k.mix(k.whole(k.prefixes(rows))[fit], SOUND), fit
    rows, lengths = matrix(codes)
    for hashes, owners in k.without_one(rows, k.prefixes(rows), np.where(lengths >= LONG_CODE, lengths, 0)):
        yield k.mix(hashes, ONE_SOUND), owners
    yield from _pinyin_keys(forms, marks)


def _pinyin_keys(forms: pa.Table, marks: bool) -> Iterator[tuple[k.Hashes, k.Owners]]:
    texts, pinyin = forms["text"].to_pylist(), forms["pinyin"].to_pylist()
    spoken = np.array([i for i, p in enumerate(pinyin) if p], np.int64)
    if len(spoken):
        rows, _ = matrix(skeletons([pinyin[i] for i in spoken]))
        yield k.mix(k.whole(k.prefixes(rows)), LETTERS), spoken
    at = spoken if marks else np.array([i for i, t in enumerate(texts) if pinyin[i] or t.isalpha()], np.int64)
    if len(at):
        rows, _ = matrix(fuzzy_pinyin([pinyin[i] or texts[i] for i in at]))
        yield k.mix(k.whole(k.prefixes(rows)), PINYIN), at


def _filter(packed: k.Hashes, bits: int) -> npt.NDArray[np.uint8]:
    out = np.zeros(1 << (bits - 3), np.uint8)
    if not len(packed):
        return out
    heads = packed >> np.uint64(64 - bits)
    bytes_at = (heads >> np.uint64(3)).astype(np.int64)
    edges = np.flatnonzero(np.diff(bytes_at, prepend=-1))
    masks = np.left_shift(np.uint8(1), (heads & np.uint64(7)).astype(np.uint8))
    out[bytes_at[edges]] = np.bitwise_or.reduceat(masks, edges)
    return out


def _buckets(packed: k.Hashes) -> npt.NDArray[np.uint32]:
    edges = np.arange(1 << BUCKET_BITS, dtype=np.uint64) << np.uint64(64 - BUCKET_BITS)
    return np.append(np.searchsorted(packed, edges), len(packed)).astype(np.uint32)


def lookup(segment: Segment, hashes: k.Hashes, owners: k.Owners) -> Pairs:
    """(owners, entries) for every key of the segment whose upper bits are those of a hash."""
    heads = hashes >> np.uint64(64 - segment.filter_bits)
    bits = segment.filter[(heads >> np.uint64(3)).astype(np.int64)] >> (heads & np.uint64(7)).astype(np.uint8)
    held = np.flatnonzero(bits & 1)
    hashes, owners = hashes[held], owners[held]
    low = np.uint64((1 << segment.id_bits) - 1)
    first = _before(segment, hashes & ~low)
    counts = _before(segment, hashes | low) - first
    total = int(counts.sum())
    if not total:
        none = np.zeros(0, np.int64)
        return none, none
    offsets = np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(total)
    return np.repeat(owners, counts), (segment.keys[offsets] & low).astype(np.int64)


def _before(segment: Segment, values: k.Hashes) -> npt.NDArray[np.int64]:
    """How many keys are smaller than each value: a binary search that starts in the value's own bucket."""
    bucket = (values >> np.uint64(64 - BUCKET_BITS)).astype(np.int64)
    low, high = segment.buckets[bucket].astype(np.int64), segment.buckets[bucket + 1].astype(np.int64)
    for _ in range(int((high - low).max(initial=0)).bit_length()):
        middle = (low + high) >> 1
        open_ = low < high
        smaller = open_ & (segment.keys[np.minimum(middle, len(segment.keys) - 1)] < values)
        low = np.where(smaller, middle + 1, low)
        high = np.where(open_ & ~smaller, middle, high)
    return low


def candidates(segment: Segment, forms: pa.Table, levels: npt.NDArray[np.int64], *, workers: int = 2) -> Pairs:
    """(texts, entries): the entries that each text of `forms` may be too close to, every pair once."""
    size = np.uint64(max(segment.entries.num_rows, 1))
    own, theirs = _said_lengths(forms), _said_lengths(segment.entries)
    near = np.flatnonzero(levels != EXACT)

    def part(at: Counts) -> k.Hashes:
        found = [np.zeros(0, np.uint64)]
        for hashes, owners in _every_key(forms.take(pa.array(at)), levels[at]):
            texts, entries = lookup(segment, hashes, at[owners])
            alike = np.abs(own[texts] - theirs[entries]) <= ROOM
            found.append(texts[alike].astype(np.uint64) * size + entries[alike].astype(np.uint64))
        return np.concatenate(found)

    exact = np.flatnonzero(levels == EXACT)
    rows, _ = matrix(forms["skeleton"].take(pa.array(exact)).to_pylist())
    texts, entries = lookup(segment, k.mix(k.whole(k.prefixes(rows)), LETTERS), exact)
    pieces = [near[i : i + CHUNK] for i in range(0, len(near), CHUNK)]
    with ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(part, pieces))
    packed = np.sort(np.concatenate([texts.astype(np.uint64) * size + entries.astype(np.uint64), *found]))
    packed = packed[np.diff(packed, prepend=packed[:1] + np.uint64(1)) != 0]
    return (packed // size).astype(np.int64), (packed % size).astype(np.int64)


def _said_lengths(forms: pa.Table) -> npt.NDArray[np.int16]:
    """Letters of each text, of Chinese in pinyin."""
    looks, said = (pc.utf8_length(forms[n]).to_numpy(zero_copy_only=False) for n in ("skeleton", "pinyin"))
    return np.asarray(np.where(said > 0, said, looks), np.int16)


def inside(segment: Segment, forms: pa.Table, among: npt.NDArray[np.int64], least: int = 4) -> Pairs:
    """(texts, entries): entries of `least` letters or more that a text begins or ends with, and has more beside."""
    rows, lengths = matrix(forms["skeleton"].take(pa.array(among)).to_pylist())
    sums = k.prefixes(rows)
    found: list[Pairs] = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    for n in range(least, int(lengths.max(initial=0))):
        at = np.flatnonzero(lengths > n)
        found.append(lookup(segment, k.mix(sums[at, n], LETTERS), at))
        found.append(lookup(segment, k.mix(k.ending(sums[at], lengths[at] - n), LETTERS), at))
    return among[np.concatenate([o for o, _ in found])], np.concatenate([e for _, e in found])


def save(segment: Segment, folder: Path) -> None:
    """Write a segment into a folder that appears whole or not at all."""
    part = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.part")
    part.mkdir(parents=True)
    for name in ARRAYS:
        np.save(part / f"{name}.npy", getattr(segment, name))
    for name in ("entries", "marks"):
        with pa.OSFile(str(part / f"{name}.arrow"), "wb") as file:
            table = getattr(segment, name).combine_chunks()
            with pa.ipc.new_file(file, table.schema) as writer:
                writer.write_table(table)
    told = {"format": FORMAT, "id_bits": segment.id_bits, "filter_bits": segment.filter_bits}
    (part / "segment.json").write_text(json.dumps(told), encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    part.rename(folder)


def load(folder: Path) -> Segment:
    """A segment from its folder, mapped into memory. Raises OSError or ValueError when it is not whole."""
    told = json.loads((folder / "segment.json").read_text(encoding="utf-8"))
    if told["format"] != FORMAT:
        raise ValueError(f"index format {told['format']}")
    arrays = {n: np.load(folder / f"{n}.npy", mmap_mode="r") for n in ARRAYS}
    tables = {n: pa.ipc.open_file(pa.memory_map(str(folder / f"{n}.arrow"))).read_all() for n in ("entries", "marks")}
    return Segment(id_bits=told["id_bits"], filter_bits=told["filter_bits"], **arrays, **tables)
