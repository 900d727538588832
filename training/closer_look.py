"""What the shipped detectors say of a doubtful proposal when they are shown it again, alone and larger.

    python closer_look.py --pictures Face_Detection/.git --models ../models --proposals work/proposals.npz \
        --out work/looks.npz

Every variant is a network and a size: either so many times larger than in the photograph (1.5, 2, 3), or as large as
makes the face so many pixels high (32, 48, 64), three times enlarged at most. The network sees a square of three
times the face. What it says is the best score among its boxes that lie on the proposal.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from boxes import overlaps
from crops import cut
from detectors import Detector
from labels import IGNORED, NEGATIVE, POSITIVE, truth
from pictures import Pictures
from proposals import FLOOR, NETWORKS

CONTEXT = 3
SAME = 0.3
# (network, what, how much)
VARIANTS = [
    *((network, "high", pixels) for network in range(3) for pixels in (32, 64)),
    *((2, "times", factor) for factor in (1.5, 2, 3)),
]
MOST_ENLARGED = 3
# A square is no larger than this, in network pixels.
LARGEST = 384
# The faintest and the strongest proposals that are asked about, on the common scale.
DOUBTFUL = (0.05, 0.4)


def name_of(variant) -> str:
    network, what, amount = variant
    return f"{NETWORKS[network]} {f'face {amount} high' if what == 'high' else f'{amount}x'}"


def look(picture: np.ndarray, box: np.ndarray, variant, detectors: list[Detector]) -> float:
    """The best own score on the box, 0 for none."""
    network, what, amount = variant
    longer = float(max(box[2], box[3]))
    factor = min(MOST_ENLARGED, amount / longer) if what == "high" else amount
    side = CONTEXT * longer * factor
    side = int(np.clip(np.ceil(side / 32) * 32, 64, LARGEST))
    # The square may be larger than asked, never another size of face; where that cannot be, the face is smaller.
    factor = min(factor, side / (CONTEXT * longer))
    region = cut(picture, box, side, side / (longer * factor))
    middle = np.array([[side / 2 - box[2] * factor / 2, side / 2 - box[3] * factor / 2, box[2] * factor, box[3] * factor]])
    found, scores = detectors[network].look(region, FLOOR[network])
    on = overlaps(found, middle)[0][:, 0] >= SAME
    return float(scores[on].max(initial=0))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, required=True, help="git directory that holds the photographs")
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--proposals", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--most", type=int, default=2500, help="proposals of each part and label")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    pictures = Pictures(options.pictures)
    of_name = {picture.name: picture for picture in pictures.all}
    data = np.load(options.proposals)
    names, of, boxes, scores, seen = (data[column] for column in ("names", "picture", "boxes", "scores", "seen"))
    detectors = [Detector(options.models, name) for name in NETWORKS]
    label, part = np.full(len(boxes), IGNORED), np.array([of_name[str(name)].part for name in names])[of]
    for index, name in enumerate(names):
        mine = np.flatnonzero(of == index)
        label[mine] = truth(of_name[str(name)], boxes[mine])
    label[(scores < DOUBTFUL[0]) | (scores >= DOUBTFUL[1])] = IGNORED
    rng = np.random.default_rng(3)
    chosen = [
        rng.permutation(np.flatnonzero((part == name) & (label == value)))[: options.most]
        for name in ("train", "tune", "held", "unseen")
        for value in (NEGATIVE, POSITIVE)
    ]
    rows = np.sort(np.concatenate(chosen))
    by_picture = [rows[of[rows] == index] for index in np.unique(of[rows])]
    spent = np.zeros(len(VARIANTS))

    def work(mine):
        pixels = pictures.read(of_name[str(names[of[mine[0]]])])
        out = np.zeros((len(mine), len(VARIANTS)), np.float32)
        for v, variant in enumerate(VARIANTS):
            since = time.thread_time()
            for i, row in enumerate(mine):
                out[i, v] = look(pixels, boxes[row], variant, detectors)
            spent[v] += time.thread_time() - since
        return out

    with ThreadPoolExecutor(options.threads) as pool:
        said = np.concatenate(list(pool.map(work, by_picture)))
    np.savez(
        options.out,
        looks=said,
        variants=[name_of(variant) for variant in VARIANTS],
        milliseconds=1e3 * spent / len(rows),
        label=label[rows],
        part=part[rows],
        score=scores[rows],
        box=boxes[rows],
        seen=seen[rows],
    )
    for variant, ms in zip(VARIANTS, 1e3 * spent / len(rows), strict=True):
        print(f"{name_of(variant):32} {ms:.2f} ms")


if __name__ == "__main__":
    main()
