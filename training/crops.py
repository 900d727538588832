"""Cuts what the verifier looks at: a square around every proposal, twice its size, at 64 x 64 pixels.

    python crops.py --pictures Face_Detection/.git --proposals work/proposals.npz --out work/crops

Of pictures to be trained on that no detector looked at, the labelled faces are cut as well: heads of more people.

Writes OUT.npy (crops of three times the size at 96 x 96, so that training may shift, turn and scale them before the
middle 64 is taken) and OUT.npz (what is known of each).
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from labels import IGNORED, LABELLED, POSITIVE, SMALLEST, relabel
from pictures import Pictures

SIDE = 64
CONTEXT = 2
# Kept for training: the same density of pixels, with a border to move in.
KEPT_SIDE = 96
# Of one picture at most so many crops of either label, so that no crowd outweighs all others.
MOST = {0: 40, 1: 60}
# Labelled faces of a picture that no detector looked at; they have no score.
MOST_FACES = 20


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
    boxes, scores, seen = data["boxes"], data["scores"], data["seen"]
    crops, table = [], []

    def keep(pixels, picture, box, label, reason, score, said, row):
        crops.append(cut(pixels, box, KEPT_SIDE, CONTEXT * KEPT_SIDE / SIDE))
        table.append((picture.name, picture.part, picture.few, box, label, reason, score, said, row))

    for index, name in enumerate(data["names"]):
        picture = known.pop(str(name))
        mine = np.flatnonzero(data["picture"] == index)
        labels = relabel(picture, boxes[mine], scores[mine], seen[mine])
        pixels = pictures.read(picture)
        for wanted, most in MOST.items():
            take = np.flatnonzero(labels.label == wanted)
            if len(take) > most:
                take = np.sort(rng.choice(take, most, replace=False))
            for i in take:
                row = mine[i]
                keep(pixels, picture, boxes[row], wanted, labels.reason[i], scores[row], seen[row], row)
    nothing = np.zeros(seen.shape[1], np.float32)
    for picture in known.values():
        faces = picture.faces[~picture.ignored & (picture.faces[:, 2:].min(1) >= SMALLEST)]
        if picture.part == "train" and len(faces):
            pixels = pictures.read(picture)
            for face in rng.permutation(faces)[:MOST_FACES]:
                keep(pixels, picture, face, POSITIVE, LABELLED, np.nan, nothing, -1)
    columns = ("picture", "part", "few", "box", "label", "reason", "score", "seen", "row")
    table = {name: np.array(values) for name, values in zip(columns, zip(*table, strict=True), strict=True)}
    assert IGNORED not in table["label"]
    np.save(options.out.with_suffix(".npy"), np.stack(crops))
    np.savez(options.out.with_suffix(".npz"), **table)
    for name in ("train", "tune", "held", "unseen"):
        labels = table["label"][table["part"] == name]
        print(name, int((labels == 0).sum()), "no heads,", int((labels == 1).sum()), "heads")


if __name__ == "__main__":
    main()
