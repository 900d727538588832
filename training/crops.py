"""Cuts what the verifier looks at: a square around every proposal, twice its size, at 64 x 64 pixels.

    python crops.py --pictures Face_Detection/.git --proposals work/proposals.npz --out work/crops

Writes OUT.npy (crops of three times the size at 96 x 96, so that training may shift, turn and scale them before the
middle 64 is taken) and OUT.npz (what is known of each).
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from labels import IGNORED, relabel
from pictures import Pictures

SIDE = 64
CONTEXT = 2
# Kept for training: the same density of pixels, with a border to move in.
KEPT_SIDE = 96
# Of one picture at most so many crops of either label, so that no crowd outweighs all others.
MOST = {0: 40, 1: 60}


def cut(picture: np.ndarray, box, side: int = SIDE, context: float = CONTEXT) -> np.ndarray:
    """The square around a box, `context` times its longer side, at side x side pixels; black outside the picture."""
    x, y, width, height = (float(v) for v in box)
    reach = max(width, height) * context / 2
    left, top = x + width / 2 - reach, y + height / 2 - reach
    rows, columns, _ = picture.shape
    # Only what lies inside is resampled; its place in the square is to the nearest pixel.
    x0, y0 = max(0.0, left), max(0.0, top)
    x1, y1 = min(float(columns), left + 2 * reach), min(float(rows), top + 2 * reach)
    out = np.zeros((side, side, 3), np.uint8)
    scale = side / (2 * reach)
    a, b = round((x0 - left) * scale), round((y0 - top) * scale)
    c, d = round((x1 - left) * scale), round((y1 - top) * scale)
    if c > a and d > b and x1 > x0 and y1 > y0:
        part = Image.fromarray(picture[int(y0) : int(np.ceil(y1)), int(x0) : int(np.ceil(x1))])
        frame = (x0 - int(x0), y0 - int(y0), x1 - int(x0), y1 - int(y0))
        out[b:d, a:c] = np.asarray(part.resize((c - a, d - b), Image.Resampling.BILINEAR, box=frame))
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, required=True, help="git directory that holds the photographs")
    parser.add_argument("--proposals", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    pictures = Pictures(options.pictures)
    known = {picture.name: picture for picture in pictures.all}
    data = np.load(options.proposals)
    rng = np.random.default_rng(1)
    of = data["picture"]
    boxes, scores, seen = data["boxes"], data["scores"], data["seen"]
    crops, rows, label, reason, part, few = [], [], [], [], [], []
    for index, name in enumerate(data["names"]):
        picture = known[str(name)]
        mine = np.flatnonzero(of == index)
        labels = relabel(picture, boxes[mine], scores[mine], seen[mine])
        pixels = None
        for wanted, most in MOST.items():
            take = np.flatnonzero(labels.label == wanted)
            if len(take) > most:
                take = np.sort(rng.choice(take, most, replace=False))
            for i in take:
                pixels = pictures.read(picture) if pixels is None else pixels
                crops.append(cut(pixels, boxes[mine[i]], KEPT_SIDE, CONTEXT * KEPT_SIDE / SIDE))
                rows.append(mine[i])
                label.append(wanted)
                reason.append(labels.reason[i])
                part.append(picture.part)
                few.append(picture.few)
    assert IGNORED not in label
    np.save(options.out.with_suffix(".npy"), np.stack(crops))
    np.savez(
        options.out.with_suffix(".npz"),
        row=rows,
        label=np.array(label, np.int8),
        reason=np.array(reason, np.int8),
        part=part,
        few=few,
        score=scores[rows],
        box=boxes[rows],
        seen=seen[rows],
        picture=of[rows],
    )
    for name in ("train", "tune", "held", "unseen"):
        chosen = np.array(part) == name
        print(name, [int((np.array(label)[chosen] == value).sum()) for value in (0, 1)], "no head, head")


if __name__ == "__main__":
    main()
