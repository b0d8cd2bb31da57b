"""Distorted copies of real logos: how often the logo itself is the likest of all.

    python benchmarks/logos.py --icons simple-icons/icons [--number 400] [--copies 300]

`--icons` is the folder of SVG files of the npm package simple-icons; they are drawn with Typst.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import cv2
import numpy as np
import typst

from crossbook.brand.pictures import logos_of, nearest


def drawn(files: list[Path], folder: Path) -> list[tuple[str, np.ndarray]]:
    pages = "\n#pagebreak()\n".join(f'#image("{f.name}", width: 80pt)' for f in files)
    text = f"#set page(width: 100pt, height: 100pt, margin: 10pt)\n{pages}".encode()
    (folder / "all.typ").write_bytes(text)
    out = typst.compile(str(folder / "all.typ"), format="png", ppi=184, root=str(folder))
    pictures = [cv2.imdecode(np.frombuffer(page, np.uint8), cv2.IMREAD_COLOR) for page in out]
    return [(f.stem, p) for f, p in zip(files, pictures, strict=True)]


def distorted(rng: random.Random, image: np.ndarray, kind: str) -> np.ndarray:
    height, width = image.shape[:2]
    if kind == "scaled":
        factor = rng.choice((0.3, 0.5, 2.0))
        return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    if kind == "recoloured":
        dark = image < 128
        out = np.empty_like(image)
        for c in range(3):
            out[:, :, c] = np.where(dark[:, :, c], rng.randrange(0, 120), rng.randrange(180, 256))
        return out
    if kind == "inverted":
        return 255 - image
    if kind == "rotated":
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.choice((-40, -20, 15, 30, 90, 180)), 0.8)
        return cv2.warpAffine(image, turn, (width, height), borderValue=(255, 255, 255))
    if kind == "cropped":
        cut = 0.22
        return image[
            int(height * rng.uniform(0, cut)) : int(height * (1 - rng.uniform(0, cut))),
            int(width * rng.uniform(0, cut)) : int(width * (1 - rng.uniform(0, cut))),
        ]
    if kind == "blurred, noisy, JPEG":
        noisy = cv2.GaussianBlur(image, (5, 5), 1.2).astype(np.int16)
        noise = np.array([rng.gauss(0, 12) for _ in range(64)]).repeat(image.size // 64 + 1)[: image.size]
        noisy = np.clip(noisy + noise.reshape(image.shape), 0, 255).astype(np.uint8)
        return cv2.imdecode(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 35])[1], cv2.IMREAD_COLOR)
    raise ValueError(kind)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--icons", type=Path, required=True)
    parser.add_argument("--number", type=int, default=400)
    parser.add_argument("--copies", type=int, default=150, help="of each kind")
    asked = parser.parse_args()
    rng = random.Random(7)
    files = rng.sample(sorted(asked.icons.glob("*.svg")), asked.number)
    pictures = drawn(files, asked.icons)
    start = time.perf_counter()
    logos = logos_of(pictures)
    print(f"{len(pictures)} logos made ready in {time.perf_counter() - start:.1f} s")
    start, n = time.perf_counter(), 0
    for kind in ("scaled", "recoloured", "inverted", "rotated", "cropped", "blurred, noisy, JPEG"):
        first = among = 0
        for name, image in rng.sample(pictures, min(asked.copies, len(pictures))):
            found = [c.logo for c in nearest(logos, distorted(rng, image, kind))]
            first += found[:1] == [name]
            among += name in found
            n += 1
        of = min(asked.copies, len(pictures))
        print(f"  {kind:<22} likest {first / of:.3f}  among five {among / of:.3f}")
    print(f"{(time.perf_counter() - start) / n * 1000:.0f} ms a picture")


if __name__ == "__main__":
    main()
