"""Words in pictures, and near-copies of logos."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
import typst

from crossbook.brand import pictures
from crossbook.brand.pictures import copies, logos_of, nearest, words_in
from crossbook.errors import CrossbookError

SHAPES = {
    "ring": "#circle(radius: 1.6cm, stroke: 9pt + red)"
    "#place(center + horizon, rect(width: 1.2cm, height: 2.5cm, fill: red))",
    "bars": "#stack(dir: ltr, spacing: 5pt, "
    "..range(5).map(i => rect(width: 9pt, height: 20pt + 17pt * i, fill: blue)))",
    "star": "#polygon.regular(fill: green, size: 4cm, vertices: 3)"
    "#place(center + horizon, circle(radius: .6cm, fill: black))",
    "word": '#text(size: 44pt, weight: "bold")[Valkore]',
}


def drawn(body: str) -> bytes:
    text = f"#set page(width: 7cm, height: 6cm, margin: .7cm)\n#set align(center + horizon)\n{body}"
    return bytes(typst.compile(text.encode(), format="png", ppi=120))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("logos")
    for name, body in SHAPES.items():
        (place / f"{name}.png").write_bytes(drawn(body))
    return place


def picture(folder: Path, name: str) -> np.ndarray:
    return cv2.imread(str(folder / f"{name}.png"))


@pytest.mark.parametrize("name", list(SHAPES))
@pytest.mark.parametrize("change", ["small", "inverted", "turned", "recoloured", "quarter"])
def test_a_distorted_logo_is_the_likest(folder: Path, name: str, change: str) -> None:
    logos = logos_of((n, picture(folder, n)) for n in SHAPES)
    image = picture(folder, name)
    if change == "small":
        image = cv2.resize(image, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    elif change == "inverted":
        image = 255 - image
    elif change == "turned":
        turn = cv2.getRotationMatrix2D((image.shape[1] / 2, image.shape[0] / 2), 180, 1)
        image = cv2.warpAffine(image, turn, image.shape[1::-1], borderValue=(255, 255, 255))
    elif change == "recoloured":
        image = image[:, :, ::-1]
    else:
        image = np.ascontiguousarray(np.rot90(image))
    assert nearest(logos, image)[0].logo == name


def test_a_folder_of_logos_is_searched(folder: Path, tmp_path: Path) -> None:
    assert copies(folder / "bars.png", folder)[0].logo == "bars"
    with pytest.raises(CrossbookError, match="holds no picture"):
        copies(folder / "bars.png", tmp_path)
    assert nearest(logos_of([]), picture(folder, "bars")) == []


def test_words_are_read(folder: Path) -> None:
    assert [w.text.lower() for w in words_in(folder / "word.png")] == ["valkore"]


def png_head(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    data = b"IDAT" + zlib.compress(b"")
    parts = ((13, chunk), (len(data) - 4, data))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", n) + part + struct.pack(">I", zlib.crc32(part)) for n, part in parts
    )


def test_pictures_that_cannot_be_read(tmp_path: Path) -> None:
    for name, content, told in (
        ("large.png", png_head(20_000, 15_000), "300 million pixels"),
        ("cut.png", png_head(300, 200), "broken or cut short"),
        ("text.png", b"hello", "not a picture"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CrossbookError, match=told):
            words_in(tmp_path / name)


def test_what_is_read_of_a_picture_is_bounded_and_on_white(tmp_path: Path) -> None:
    """Sixteen bits a colour, see-through parts, a side too long: eight bits on white, no side over LONGEST."""
    image = np.zeros((600, pictures.LONGEST + 200, 4), np.uint16)
    image[:300] = (0, 0, 65_535, 65_535)
    cv2.imwrite(str(tmp_path / "x.png"), image)
    found = pictures.read(tmp_path / "x.png")
    assert found.dtype == np.uint8 and found.shape[1] == pictures.LONGEST and found.shape[2] == 3
    assert found[10, 10].tolist() == [0, 0, 255] and found[-10, 10].tolist() == [255, 255, 255]
