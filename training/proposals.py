"""What the shipped detectors take for faces in the labelled photographs, sure or not, and what each of them says of it.

    python proposals.py --pictures Face_Detection/.git --models ../models --out work/proposals.npz

Three networks look at every picture at three scales. What CenterFace and YuNet see at 1x and CenterFace at 1.5x, down
to the faintest that Sayeh uses at all, are the proposals; what each network says of each at each scale is kept beside
it, so that labels can be made from their agreement (labels.py). Pictures come in an order that is mixed by their
names, three of few faces to one of many, so that a run cut short by --minutes has seen a fair sample.
"""

import argparse
import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from boxes import overlaps, suppress
from detectors import Detector
from pictures import PROTEST, UNSEEN, Picture, Pictures

NETWORKS = ("centerface-int8", "yunet", "retinaface-int8")
SCALES = (0.5, 1, 1.5)
# Every (network, scale): the columns of `seen`.
CELLS = [(network, scale) for network in range(3) for scale in range(3)]
# What a network's own score must exceed to be noted at all.
FLOOR = (0.01, 0.02, 0.02)
# Cells whose detections are proposals, with the faintest score, on the common scale.
PROPOSING = {(0, 1): 0.03, (0, 2): 0.05, (1, 1): 0.05}
# Boxes of two looks that overlap so much show one thing.
SAME = 0.4
# Of pictures of other classes than the protests', this share of those with many faces is looked at as well.
OTHERS = 0.4
# Pictures of few faces to one of many.
MIX = 3


def chosen(pictures: Pictures) -> list[Picture]:
    """Those with few faces, those of protests and some of the unseen classes."""

    def mixed(picture):
        return hashlib.sha256(f"order {picture.name}".encode()).digest()

    def wanted(picture):
        return picture.kind in PROTEST or (picture.kind in UNSEEN and mixed(picture)[0] < 256 * OTHERS)

    few = sorted((p for p in pictures.all if p.few), key=mixed)
    many = sorted((p for p in pictures.all if not p.few and wanted(p)), key=mixed)
    places = {p.name: i / MIX for i, p in enumerate(few)} | {p.name: i for i, p in enumerate(many)}
    return sorted(few + many, key=lambda p: places[p.name])


def propose(picture: np.ndarray, detectors: list[Detector]):
    """Boxes (n x 4), scores on the common scale (n), and what every cell says of them (n x cells, own scores,
    0 for nothing)."""
    found = [detectors[network].look_at(picture, SCALES[scale], FLOOR[network]) for network, scale in CELLS]
    boxes, scores = [], []
    for cell, floor in PROPOSING.items():
        at, own = found[CELLS.index(cell)]
        common = detectors[cell[0]].common(own)
        boxes.append(at[common >= floor])
        scores.append(common[common >= floor])
    boxes, scores = np.concatenate(boxes), np.concatenate(scores)
    kept = suppress(boxes, scores, SAME)
    boxes, scores = boxes[kept], scores[kept]
    seen = np.zeros((len(boxes), len(CELLS)), np.float32)
    for column, (at, own) in enumerate(found):
        if len(at):
            seen[:, column] = np.where(overlaps(boxes, at)[0] >= SAME, own[None], 0).max(1)
    return boxes, scores, seen


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, required=True, help="git directory that holds the photographs")
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    pictures = Pictures(options.pictures)
    todo = chosen(pictures)
    detectors = [Detector(options.models, name) for name in NETWORKS]
    end = time.monotonic() + 60 * options.minutes

    def work(picture):
        return None if time.monotonic() > end else propose(pictures.read(picture), detectors)

    names, of, columns = [], [], ([], [], [])
    with ThreadPoolExecutor(options.threads) as pool:
        for picture, result in zip(todo, pool.map(work, todo), strict=True):
            if result is None:
                continue
            of.append(np.full(len(result[0]), len(names), np.int32))
            names.append(picture.name)
            for column, value in zip(columns, result, strict=True):
                column.append(value)
            if len(names) % 100 == 0:
                print(len(names), "pictures", sum(map(len, of)), "proposals", flush=True)
    boxes, scores, seen = map(np.concatenate, columns)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez(options.out, names=names, picture=np.concatenate(of), boxes=boxes, scores=scores, seen=seen)
    print(len(names), "of", len(todo), "pictures,", len(boxes), "proposals")


if __name__ == "__main__":
    main()
