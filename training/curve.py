"""Exposed faces against needless cover in the photographs that were not trained on, with each kind of evidence.

    python curve.py --pictures Face_Detection/.git --proposals work/proposals.npz --judged work/judged.npz \
        --out results/photos

Every proposal that a rule believes is covered as Sayeh covers a head. Exposed: the share of labelled faces of 12 pixels
and more of whose ellipse over a quarter stays open, in pictures with complete labels and in crowds. Elsewhere: the
share of a picture that is covered away from labelled faces, in pictures with complete labels. Rules are fitted on the
pictures kept for that (part "tune"); every other picture here is only measured. Writes OUT.json and OUT.png.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from boxes import overlaps
from compare_looks import plain
from judge import SURE
from labels import COMPLETE, NOTHING, relabel
from pictures import Pictures
from rule import fit, log_odds

# Pixels a cell, so that masks are quick to make.
CELL = 4
SMALLEST = 12
OPEN = 0.25
POINTS = 40


def head_mask(boxes: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """What Sayeh covers (src/core/redact/paint/face.ts), in cells."""
    mask = np.zeros((rows, columns), bool)
    for x, y, width, height in boxes:
        cx, cy = x + width / 2, y + 0.38 * height
        rx, ry = max(0.75 * width + 2, 10), max(0.78 * height + 2, 10)
        a, b = max(0, int((cx - rx) / CELL)), min(columns, int((cx + rx) / CELL) + 1)
        c, d = max(0, int((cy - ry) / CELL)), min(rows, int((cy + ry) / CELL) + 1)
        if a < b and c < d:
            across = np.abs(((np.arange(a, b) + 0.5) * CELL - cx) / rx) ** 3
            down = np.abs(((np.arange(c, d) + 0.5) * CELL - cy) / ry) ** 3
            mask[c:d, a:b] |= down[:, None] + across[None] <= 1
    return mask


def is_open(face, boxes: np.ndarray) -> bool:
    """Whether over a quarter of a face's ellipse is under none of the head masks of boxes."""
    x, y, width, height = face
    u, v = np.meshgrid((np.arange(12) + 0.5) / 12, (np.arange(12) + 0.5) / 12)
    inside = ((u - 0.5) ** 2 + (v - 0.5) ** 2) <= 0.25
    px, py = x + u[inside] * width, y + v[inside] * height
    covered = np.zeros(len(px), bool)
    for bx, by, bw, bh in boxes:
        rx, ry = max(0.75 * bw + 2, 10), max(0.78 * bh + 2, 10)
        covered |= np.abs((px - bx - bw / 2) / rx) ** 3 + np.abs((py - by - 0.38 * bh) / ry) ** 3 <= 1
    return bool((~covered).mean() > OPEN)


class Photo:
    """What must be known of a picture to measure any choice of boxes in it."""

    def __init__(self, picture, size, boxes):
        self.picture, self.boxes = picture, boxes
        width, height = size
        self.rows, self.columns = -(-height // CELL), -(-width // CELL)
        usable = picture.faces[~picture.ignored & (picture.faces[:, 3] >= SMALLEST)]
        self.faces = usable
        # Boxes that could cover each face.
        wide = boxes.copy()
        wide[:, :2] -= boxes[:, 2:]
        wide[:, 2:] *= 3
        self.near = [np.flatnonzero(shared > 0) for shared in overlaps(usable, wide)[1]] if len(boxes) else []
        around = picture.faces.copy()
        around[:, :2] -= picture.faces[:, 2:]
        around[:, 2:] *= (3, 3.5)
        self.labelled = np.zeros((self.rows, self.columns), bool)
        for x, y, w, h in np.clip(around, -1e5, 1e5) / CELL:
            self.labelled[max(0, int(y)) : max(0, int(np.ceil(y + h))), max(0, int(x)) : max(0, int(np.ceil(x + w)))] = True

    def exposed(self, kept: np.ndarray) -> int:
        if len(self.boxes) == 0:
            return len(self.faces)
        return sum(is_open(face, self.boxes[near[kept[near]]]) for face, near in zip(self.faces, self.near, strict=True))

    def elsewhere(self, kept: np.ndarray) -> float:
        away = ~self.labelled
        mask = head_mask(self.boxes[kept], self.rows, self.columns)
        return float(mask[away].mean()) if away.any() else 0.0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, required=True, help="git directory that holds the photographs")
    parser.add_argument("--proposals", type=Path, required=True)
    parser.add_argument("--judged", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    pictures = Pictures(options.pictures)
    of_name = {picture.name: picture for picture in pictures.all}
    data, known = np.load(options.proposals), np.load(options.judged)
    rows = known["row"]
    of, boxes, scores, seen = (data[name][rows] for name in ("picture", "boxes", "scores", "seen"))
    base = plain(scores, boxes)
    verifier, looks = known["verifier"][:, None], log_odds(known["looks"])
    evidence = {
        "nothing": base,
        "closer look": np.hstack([base, looks]),
        "network": np.hstack([base, verifier]),
        "both": np.hstack([base, verifier, looks]),
    }

    photos, mine, label = [], [], np.full(len(rows), -1)
    for index in np.unique(of):
        picture = of_name[str(data["names"][index])]
        at = np.flatnonzero(of == index)
        labels = relabel(picture, boxes[at], scores[at], seen[at])
        # A rule learns from the best labels only.
        label[at] = np.where(labels.reason == NOTHING, -1, labels.label)
        assert set(labels.reason[label[at] == 0]) <= {COMPLETE}
        mine.append(at)
        pixels = pictures.read(picture)
        photos.append(Photo(picture, (pixels.shape[1], pixels.shape[0]), boxes[at]))
    part = np.array([photo.picture.part for photo in photos])
    tune = np.concatenate([at for at, name in zip(mine, part, strict=True) if name == "tune"])
    tune = tune[(label[tune] >= 0) & (scores[tune] < SURE)]

    results = {}
    for name, columns in evidence.items():
        rule = fit(columns[tune], label[tune])
        judged = rule.judge(columns)
        judged[scores >= SURE] = np.inf
        bars = np.quantile(judged[scores < SURE], np.linspace(0, 0.999, POINTS))
        results[name] = {"weights": rule.weights.round(4).tolist(), "bias": round(rule.bias, 4)}
        for where in ("held", "unseen"):
            curve = []
            for bar in bars:
                counts = {"few": [0, 0], "crowd": [0, 0]}
                away = []
                for photo, at in zip(photos, mine, strict=True):
                    if photo.picture.part != where:
                        continue
                    kept = judged[at] >= bar
                    count = counts["few" if photo.picture.few else "crowd"]
                    count[0] += int(photo.exposed(kept))
                    count[1] += len(photo.faces)
                    if photo.picture.few:
                        away.append(photo.elsewhere(kept))
                curve.append(
                    {
                        "bar": round(float(bar), 3),
                        "elsewhere": round(float(np.mean(away)), 5),
                        **{f"exposed_{k}": round(e / max(1, n), 5) for k, (e, n) in counts.items()},
                    }
                )
            pool = [p for p in photos if p.picture.part == where]
            results[name][where] = {
                "pictures_few": sum(p.picture.few for p in pool),
                "pictures_crowd": sum(not p.picture.few for p in pool),
                "faces_few": sum(len(p.faces) for p in pool if p.picture.few),
                "faces_crowd": sum(len(p.faces) for p in pool if not p.picture.few),
                "curve": curve,
            }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.with_suffix(".json").write_text(json.dumps(results, indent=1) + "\n")
    draw(results, options.out.with_suffix(".png"))
    table(results)


def table(results):
    print("| photographs | evidence | elsewhere where no more than so many of all faces are exposed: 1 % | 2 % | 3 % | 5 % |")
    print("|---|---|---|---|---|---|")
    for where in ("held", "unseen"):
        for name, result in results.items():
            of = result[where]
            cells = []
            for most in (0.01, 0.02, 0.03, 0.05):
                total = of["faces_few"] + of["faces_crowd"]
                fits = [
                    point["elsewhere"]
                    for point in of["curve"]
                    if point["exposed_few"] * of["faces_few"] + point["exposed_crowd"] * of["faces_crowd"] <= most * total
                ]
                cells.append(f"{100 * min(fits):.2f} %" if fits else "–")
            print(f"| {where} | {name} | {' | '.join(cells)} |")


def draw(results, file: Path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(2, 2, figsize=(11, 8), sharex=True)
    for column, where in enumerate(("held", "unseen")):
        for row, kind in enumerate(("few", "crowd")):
            panel = panels[row][column]
            for name, result in results.items():
                curve = result[where]["curve"]
                panel.plot(
                    [100 * p["elsewhere"] for p in curve], [100 * p[f"exposed_{kind}"] for p in curve], ".-", label=name
                )
            faces = results["nothing"][where][f"faces_{kind}"]
            panel.set_title(f"{where}, {'one or two large faces' if kind == 'few' else 'crowds'}: {faces} faces")
            panel.set_ylabel("faces exposed, %")
            panel.set_xscale("symlog", linthresh=0.1)
            panel.grid(alpha=0.3)
            panel.legend()
    for panel in panels[1]:
        panel.set_xlabel("covered away from faces, % of the pictures with one or two large faces")
    figure.tight_layout()
    figure.savefig(file, dpi=90)


if __name__ == "__main__":
    main()
