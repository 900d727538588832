"""What all second evidence says of every proposal in the pictures that were not trained on.

    python judge.py --pictures Face_Detection/.git --models ../models --proposals work/proposals.npz \
        --verifier work/verifier.onnx --out work/judged.npz

Not only of those with a label: curve.py needs whole pictures.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from closer_look import VARIANTS, look, name_of
from crops import cut
from detectors import Detector
from evaluate import judged, session_of
from pictures import Pictures
from proposals import NETWORKS

# The closer looks that are worth their cost, by compare_looks.py.
CHOSEN = ("retinaface-int8 face 64 high", "centerface-int8 face 64 high")
FAINTEST = 0.05
# Who is surer than this is covered without being asked about.
SURE = 0.4


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, required=True, help="git directory that holds the photographs")
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--proposals", type=Path, required=True)
    parser.add_argument("--verifier", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    pictures = Pictures(options.pictures)
    of_name = {picture.name: picture for picture in pictures.all}
    detectors = [Detector(options.models, name) for name in NETWORKS]
    session = session_of(options.verifier)
    variants = [next(v for v in VARIANTS if name_of(v) == chosen) for chosen in CHOSEN]
    data = np.load(options.proposals)
    of, boxes, scores = data["picture"], data["boxes"], data["scores"]
    rows, verifier, looks = [], [], []
    spent = np.zeros(2 + len(variants))
    for index, name in enumerate(data["names"]):
        picture = of_name[str(name)]
        mine = np.flatnonzero((of == index) & (scores >= FAINTEST))
        if picture.part == "train" or len(mine) == 0:
            continue
        pixels = pictures.read(picture)
        begin = time.process_time()
        crops = np.stack([cut(pixels, boxes[row]) for row in mine])
        middle = time.process_time()
        verifier.append(judged(session, crops))
        end = time.process_time()
        doubtful = scores[mine] < SURE
        said = np.ones((len(mine), len(variants)), np.float32)
        for v, variant in enumerate(variants):
            since = time.process_time()
            for i in np.flatnonzero(doubtful):
                said[i, v] = look(pixels, boxes[mine[i]], variant, detectors)
            spent[2 + v] += time.process_time() - since
        looks.append(said)
        rows.append(mine)
        spent[:2] += [middle - begin, end - middle]
    rows = np.concatenate(rows)
    np.savez(options.out, row=rows, verifier=np.concatenate(verifier), looks=np.concatenate(looks), variants=CHOSEN)
    asked = (scores[rows] < SURE).sum()
    print(len(rows), "proposals,", asked, "of them asked about")
    print("ms of processor time: crop", 1e3 * spent[0] / len(rows), "verifier", 1e3 * spent[1] / len(rows))
    for variant, seconds in zip(variants, spent[2:], strict=True):
        print(name_of(variant), 1e3 * seconds / asked)


if __name__ == "__main__":
    main()
