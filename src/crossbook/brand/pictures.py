"""Pictures of listings: the words in them, and whether they hold a copy of a logo.

Near-copies are found in two ways: a perceptual hash of the picture cut to its content (it stands scaling, recolouring,
inversion, turns by a quarter), and local features that agree on one change of place, size and angle (it stands
cropping and any turn). An embedding model may be given as an ONNX file in CROSSBOOK_EMBEDDING.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from crossbook import apart
from crossbook.apart_inside import Limits
from crossbook.errors import CrossbookError

MOST_PIXELS = 40_000_000
LONGEST = 4_000  # pixels of a side: larger pictures are made smaller before they are worked on
SIDE = 256  # of a picture cut to its content
FEATURES = 120
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif")
LIKENESS = 60  # from which a copy is told
SAME = 88  # of a hash, from which it decides
SURE = 0.5  # of a word that is read
_BITS = 64


@dataclass(frozen=True)
class Word:
    """A line of words read in a picture, with the reader's own confidence in percent and its box (left, top, right,
    bottom)."""

    text: str
    sure: int
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Copy:
    """A logo that a picture may hold: how alike, 0 to 100, and by which of hash, features, embedding."""

    logo: str
    score: int
    by: str


@dataclass(frozen=True)
class Logos:
    """Logos made ready to be looked for: a hash each, local features with the logo that they are of, vectors."""

    names: tuple[str, ...]
    hashes: Any
    descriptors: Any
    points: Any
    owner: Any
    vectors: Any = None


_WORK = Limits(memory=3 << 30, seconds=600, output=1 << 30)  # models that read are large, whatever the picture


def words_in(path: Path) -> list[Word]:
    """The words in a picture, from top to bottom, read in a process apart. Raises CrossbookError for what is no picture
    or too large."""
    return apart.run(_words_in, path, name=path.name, limits=_WORK)


def _words_in(path: Path) -> list[Word]:
    image = read(path)
    found = _reader()(image)
    if found.txts is None:
        return []
    out = []
    for text, sure, box in zip(found.txts, found.scores, found.boxes, strict=True):
        if sure >= SURE:
            xs, ys = [float(p[0]) for p in box], [float(p[1]) for p in box]
            out.append(Word(text, round(100 * float(sure)), (int(min(xs)), int(min(ys)), int(max(xs)), int(max(ys)))))
    return sorted(out, key=lambda w: (w.box[1], w.box[0]))


@lru_cache(maxsize=1)
def _reader() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError:
        raise CrossbookError(
            "reading pictures needs the extra `images`", todo="pip install 'crossbook[images]'"
        ) from None
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    reader = RapidOCR(params={"Global.log_level": "error"})
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return reader


def _cv() -> Any:
    try:
        import cv2
    except ImportError:
        raise CrossbookError(
            "reading pictures needs the extra `images`", todo="pip install 'crossbook[images]'"
        ) from None
    return cv2


def read(path: Path) -> Any:
    """A picture as rows of blue, green, red; see-through parts on white.
    Raises CrossbookError, before its pixels are made."""
    cv2 = _cv()
    width, height = _size(path)
    if width * height > MOST_PIXELS:
        raise CrossbookError(
            f"the picture has {width * height / 1e6:,.0f} million pixels, more than {MOST_PIXELS // 1_000_000}",
            where=path.name,
            todo="make it smaller; a thousand pixels a side are enough",
        )
    image = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise CrossbookError("the picture is broken or cut short", where=path.name, todo="save it again as PNG or JPEG")
    return _on_white(_no_larger(image))


def _size(path: Path) -> tuple[int, int]:
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and said in words
    try:
        with Image.open(path) as image:
            return image.size
    except UnidentifiedImageError:
        raise CrossbookError("not a picture that can be read", where=path.name, todo="save it as PNG or JPEG") from None
    except (OSError, SyntaxError, ValueError):
        raise CrossbookError("the picture is broken or cut short", where=path.name, todo="save it again") from None


def _no_larger(image: Any) -> Any:
    """With eight bits a colour, and no side longer than LONGEST: what is worked out of it takes many times its room."""
    cv2 = _cv()
    height, width = image.shape[:2]
    if max(height, width) > LONGEST:
        scale = LONGEST / max(height, width)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    if image.dtype == np.uint16:
        return (image >> 8).astype(np.uint8)
    return image if image.dtype == np.uint8 else (np.clip(image, 0, 1) * 255).astype(np.uint8)


def _on_white(image: Any) -> Any:
    cv2 = _cv()
    if image.ndim == 2:
        return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    if image.shape[2] == 4:
        shown = np.empty((*image.shape[:2], 3), np.uint8)
        for top in range(0, len(image), 256):  # some rows at a time
            rows = image[top : top + 256].astype(np.float32)
            alpha = rows[:, :, 3:] / 255
            shown[top : top + 256] = rows[:, :, :3] * alpha + 255 * (1 - alpha)
        return shown
    return image


def content(image: Any) -> Any:
    """The picture in grey, cut to what differs from its border, in a square of SIDE on its own ground."""
    cv2 = _cv()
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ground = int(np.median(border))
    apart = np.abs(grey.astype(np.int16) - ground) > 24
    rows, columns = np.flatnonzero(apart.any(axis=1)), np.flatnonzero(apart.any(axis=0))
    if len(rows) and len(columns):
        grey = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = grey.shape
    scale = (SIDE * 7 // 8) / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    out = np.full((SIDE, SIDE), ground, np.uint8)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    out[top : top + size[1], left : left + size[0]] = small
    return out if ground >= 128 else 255 - out  # dark on light, whatever its colours were


def _hash(square: Any) -> Any:
    cv2 = _cv()
    low = cv2.dct(cv2.resize(square, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32))[:9, :9]
    values = low.flatten()[1 : _BITS + 1]
    return np.packbits(values > np.median(values))


def _turns(square: Any) -> list[Any]:
    return [np.rot90(s, k) for s in (square, np.fliplr(square)) for k in range(4)]


def _features(square: Any) -> tuple[Any, Any]:
    cv2 = _cv()
    points, descriptors = cv2.SIFT_create(nfeatures=FEATURES, contrastThreshold=0.02).detectAndCompute(square, None)
    if descriptors is None:
        return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32)
    roots = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6))
    return np.array([p.pt for p in points], np.float32), roots.astype(np.float32)


def logos_of(pictures: Iterable[tuple[str, Any]]) -> Logos:
    """Logos made ready, of (name, picture) pairs as `read` gives the pictures."""
    names: list[str] = []
    hashes, points, descriptors, owner, vectors = [], [], [], [], []
    for name, image in pictures:
        square = content(image)
        at, own = _features(square)
        hashes.append(_hash(square))
        points.append(at)
        descriptors.append(own)
        owner.append(np.full(len(at), len(names)))
        if (vector := _vector(square)) is not None:
            vectors.append(vector)
        names.append(name)
    return Logos(
        names=tuple(names),
        hashes=np.array(hashes, np.uint8).reshape(-1, _BITS // 8),
        descriptors=np.concatenate([*descriptors, np.zeros((0, 128), np.float32)]),
        points=np.concatenate([*points, np.zeros((0, 2), np.float32)]),
        owner=np.concatenate([*owner, np.zeros(0)]).astype(int),
        vectors=np.array(vectors) if vectors else None,
    )


def nearest(logos: Logos, image: Any, limit: int = 5) -> list[Copy]:
    """The logos that a picture is most like or holds, the likest first; those of LIKENESS or more."""
    if not logos.names:
        return []
    square = content(image)
    found: dict[int, dict[str, int]] = {}

    def note(which: int, score: float, by: str) -> None:
        scores = found.setdefault(which, {})
        scores[by] = max(scores.get(by, 0), min(100, round(score)))

    turned = np.array([_hash(t) for t in _turns(square)])
    apart = np.bitwise_count(turned[:, None, :] ^ logos.hashes[None]).sum(axis=2).min(axis=0)
    for which in np.flatnonzero(apart <= 20).tolist():
        note(which, 100 - 2.5 * float(apart[which]), "hash")
    for which, inliers, seen in _agreeing(logos, square):
        note(which, 40 + 60 * min(1.0, inliers / max(8, 0.35 * seen)), "features")
    vector = _vector(square)
    if vector is not None and logos.vectors is not None:
        near = logos.vectors @ vector
        for which in np.argsort(-near)[:limit].tolist():
            note(which, 100 * float(near[which]), "embedding")
    told = [Copy(logos.names[w], max(by.values()), max(by, key=lambda n: by[n])) for w, by in found.items()]
    both = {logos.names[w]: sum(by.values()) for w, by in found.items()}
    same = {
        logos.names[w] for w, by in found.items() if by.get("hash", 0) >= SAME
    }  # features of plain shapes agree by chance
    told.sort(key=lambda c: (c.logo not in same, -c.score, -both[c.logo], c.logo))
    return [c for c in told[:limit] if c.score >= LIKENESS]


def _agreeing(logos: Logos, square: Any, tried: int = 12) -> list[tuple[int, int, int]]:
    """(logo, features that agree on one similarity, features of the picture) for the logos with most votes."""
    cv2 = _cv()
    found = []
    for view in (square, np.ascontiguousarray(np.fliplr(square))):
        points, descriptors = _features(view)
        if len(points) < 4 or len(logos.descriptors) < 4:
            continue
        places, distances = _matcher_search(logos, descriptors)
        close = distances[:, 0] < 0.9 * distances[:, -1]
        votes = np.bincount(logos.owner[places[:, :4]].ravel(), minlength=len(logos.names))
        for which in np.argsort(-votes, kind="stable")[:tried].tolist():
            rows, columns = np.nonzero((logos.owner[places] == which) & (close[:, None] | (votes[which] >= 4)))
            if len(np.unique(rows)) < 4:
                continue
            source, target = points[rows], logos.points[places[rows, columns]]
            _, inside = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=8, maxIters=500)
            if inside is not None:
                agreeing = len(np.unique(rows[inside.ravel() == 1]))
                found.append((which, agreeing, min(len(points), int((logos.owner == which).sum()))))
    return [f for f in found if f[1] >= 4]


def _matcher_search(logos: Logos, descriptors: Any) -> tuple[Any, Any]:
    """Places and distances of the 6 logo features nearest to each descriptor (by the dot product of root features)."""
    k = min(6, len(logos.descriptors))
    near = descriptors @ logos.descriptors.T
    places = np.argpartition(-near, k - 1, axis=1)[:, :k]
    scores = np.take_along_axis(near, places, axis=1)
    order = np.argsort(-scores, axis=1)
    places, scores = np.take_along_axis(places, order, axis=1), np.take_along_axis(scores, order, axis=1)
    return places, np.sqrt(np.maximum(0, 2 - 2 * scores))


@lru_cache(maxsize=1)
def _model() -> Any:
    path = os.environ.get("CROSSBOOK_EMBEDDING", "")
    if not path:
        return None
    import onnxruntime

    try:
        return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - the library raises its own kinds for every fault of a model
        raise CrossbookError(f"the embedding model cannot be used: {error}", where=path) from None


def _vector(square: Any) -> Any:
    """The picture's unit vector by the user's own model, which takes 1 x 3 x N x N of 0 to 1; None without a model."""
    model = _model()
    if model is None:
        return None
    cv2 = _cv()
    told = model.get_inputs()[0]
    side = next((d for d in reversed(told.shape) if isinstance(d, int) and d > 3), 224)
    plane = cv2.resize(square, (side, side)).astype(np.float32) / 255
    vector = np.asarray(model.run(None, {told.name: np.stack([plane] * 3)[None]})[0]).ravel()
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def copies(picture: Path, folder: Path, limit: int = 5) -> list[Copy]:
    """The logos of a folder that a picture is like or holds, found in a process apart. Raises CrossbookError."""
    return apart.run(_copies, picture, folder, limit, name=picture.name, limits=_WORK)


def _copies(picture: Path, folder: Path, limit: int) -> list[Copy]:
    if not folder.is_dir():
        raise CrossbookError("not a folder of logos", where=str(folder), todo="give a folder with PNG or JPEG files")
    files = sorted(f for f in folder.iterdir() if f.suffix.lower() in SUFFIXES)
    if not files:
        raise CrossbookError(
            "the folder holds no picture", where=str(folder), todo="put the logos there as PNG or JPEG"
        )
    return nearest(logos_of((f.stem, read(f)) for f in files), read(picture), limit)
