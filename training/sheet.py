"""A contact sheet of crops, to look at labels by eye. It shows real people: never keep or pass it on.

    python sheet.py --crops work/crops --label 0 --reason complete --out /tmp/sheet.png
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from crops import KEPT_SIDE
from labels import REASONS

ACROSS = 20


def sheet(crops: np.ndarray, captions: list[str]) -> Image.Image:
    """`crops`: n x side x side x 3, uint8. Each is framed where the box was, with its number and a caption."""
    side = crops.shape[1]
    out = Image.new("RGB", (ACROSS * (side + 2), -(-len(crops) // ACROSS) * (side + 12)))
    draw = ImageDraw.Draw(out)
    for i, (crop, caption) in enumerate(zip(crops, captions, strict=True)):
        x, y = i % ACROSS * (side + 2), i // ACROSS * (side + 12)
        out.paste(Image.fromarray(crop), (x, y + 10))
        third = side // 3
        draw.rectangle([x + third, y + 10 + third, x + 2 * third, y + 10 + 2 * third], outline=(255, 255, 0))
        draw.text((x, y - 1), f"{i} {caption}", fill=(255, 255, 255))
    return out


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--crops", type=Path, required=True)
    parser.add_argument("--label", type=int, choices=(0, 1), required=True)
    parser.add_argument("--reason", choices=REASONS)
    parser.add_argument("--part", choices=("train", "tune", "held", "unseen"))
    parser.add_argument("--most", type=float, default=1, help="only scores below this")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    known = np.load(options.crops.with_suffix(".npz"))
    wanted = (known["label"] == options.label) & ~(known["score"] >= options.most)
    if options.reason:
        wanted &= known["reason"] == REASONS.index(options.reason)
    if options.part:
        wanted &= known["part"] == options.part
    rows = np.flatnonzero(wanted)
    rows = np.random.default_rng(7).permutation(rows)[: options.count]
    crops = np.load(options.crops.with_suffix(".npy"), mmap_mode="r")[rows]
    assert crops.shape[1] == KEPT_SIDE
    captions = [f"{known['score'][r]:.2f} {known['box'][r][3]:.0f}" for r in rows]
    sheet(crops, captions).save(options.out)
    print(len(rows), "of", int(wanted.sum()))
