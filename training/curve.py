"""Exposed faces against needless cover in the photographs that were not trained on, with each kind of evidence.

    python curve.py --pictures Face_Detection/.git --proposals work/proposals.npz --judged work/judged.npz \
        --out results/photos

Every proposal that a rule believes is covered as Sayeh covers a head. Exposed: the share of labelled faces of 12 pixels
and more of whose ellipse over a quarter stays open, in pictures with complete labels and in crowds. Elsewhere: the
share of a picture that is covered away from labelled faces, in pictures with complete labels. Rules are fitted on the
pictures kept for that (part "tune"); every other picture here is only measured. What is a face and what not is said by
labels alone. "Apart": what each network says at 1x of the whole picture, one by one instead of the best of them; that
costs nothing where these looks are taken anyway. Writes OUT.json and OUT.png, and prints tables.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from compare_looks import plain
from detectors import CENTERFACE, YUNET
from judge import SURE
from labels import IGNORED, truth
from pictures import Picture, Pictures
from proposals import CELLS
from rule import false_at, fit, log_odds

# Pixels a cell, so that masks are quick to make.
CELL = 4
SMALLEST = 12
OPEN = 0.25
# Points across a face that are asked.
GRID = 12
POINTS = 60
RECALLS = (0.95, 0.9)
# Where a table of false alarms has fewer faces or fewer others, it has no column.
FEWEST = 15


def outline(box) -> tuple[float, float, float, float]:
    """What Sayeh covers of a face (src/core/redact/paint/face.ts): middle and radii of a superellipse of power 3."""
    x, y, width, height = box
    return x + width / 2, y + 0.38 * height, max(0.75 * width + 2, 10), max(0.78 * height + 2, 10)


def cell_belief(boxes: np.ndarray, belief: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """rows x columns: for every cell the belief in the surest box whose head mask covers it, -inf for none."""
    best = np.full((rows, columns), -np.inf)
    for i in np.argsort(belief):
        cx, cy, rx, ry = outline(boxes[i])
        a, b = max(0, int((cx - rx) / CELL)), min(columns, int((cx + rx) / CELL) + 1)
        c, d = max(0, int((cy - ry) / CELL)), min(rows, int((cy + ry) / CELL) + 1)
        if a < b and c < d:
            across = np.abs(((np.arange(a, b) + 0.5) * CELL - cx) / rx) ** 3
            down = np.abs(((np.arange(c, d) + 0.5) * CELL - cy) / ry) ** 3
            best[c:d, a:b][down[:, None] + across[None] <= 1] = belief[i]
    return best


def face_belief(face, boxes: np.ndarray, belief: np.ndarray) -> float:
    """The bar above which a face is exposed: over a quarter of its ellipse is then under no head mask."""
    x, y, width, height = face
    u, v = np.meshgrid((np.arange(GRID) + 0.5) / GRID, (np.arange(GRID) + 0.5) / GRID)
    inside = (u - 0.5) ** 2 + (v - 0.5) ** 2 <= 0.25
    px, py = x + u[inside] * width, y + v[inside] * height
    best = np.full(len(px), -np.inf)
    near = (np.abs(boxes[:, 0] + boxes[:, 2] / 2 - x - width / 2) < boxes[:, 2] + width + 20) & (
        np.abs(boxes[:, 1] + boxes[:, 3] / 2 - y - height / 2) < boxes[:, 3] + height + 20
    )
    for i in np.flatnonzero(near):
        cx, cy, rx, ry = outline(boxes[i])
        covered = np.abs((px - cx) / rx) ** 3 + np.abs((py - cy) / ry) ** 3 <= 1
        best[covered] = np.maximum(best[covered], belief[i])
    return float(np.sort(best)[int(OPEN * len(best))])


class Photo:
    """`at`: the rows of its proposals."""

    def __init__(self, picture: Picture, pixels: np.ndarray, at: np.ndarray):
        self.picture, self.at = picture, at
        self.rows, self.columns = -(-pixels.shape[0] // CELL), -(-pixels.shape[1] // CELL)
        self.faces = picture.faces[~picture.ignored & (picture.faces[:, 3] >= SMALLEST)]
        self.away = np.ones((self.rows, self.columns), bool)
        for x, y, width, height in picture.faces:
            left, right, top, bottom = x - width, x + 2 * width, y - height, y + 2.5 * height
            low, high = max(0, int(top / CELL)), max(0, int(np.ceil(bottom / CELL)))
            self.away[low:high, max(0, int(left / CELL)) : max(0, int(np.ceil(right / CELL)))] = False


def curve_of(photos: list[Photo], boxes: np.ndarray, belief: np.ndarray, bars: np.ndarray) -> dict:
    """Exposed and elsewhere at every bar."""
    faces = {"few": [], "crowd": []}
    elsewhere = []
    for photo in photos:
        mine, sure = boxes[photo.at], belief[photo.at]
        faces["few" if photo.picture.few else "crowd"].extend(face_belief(face, mine, sure) for face in photo.faces)
        if photo.picture.few and photo.away.any():
            cells = cell_belief(mine, sure, photo.rows, photo.columns)[photo.away]
            elsewhere.append([(cells >= bar).mean() for bar in bars])
    return {
        "pictures_few": sum(photo.picture.few for photo in photos),
        "pictures_crowd": sum(not photo.picture.few for photo in photos),
        **{f"faces_{kind}": len(values) for kind, values in faces.items()},
        "bar": bars.round(3).tolist(),
        "elsewhere": np.mean(elsewhere, 0).round(5).tolist(),
        **{
            f"exposed_{kind}": [round(float(np.mean(np.array(values) < bar)), 5) for bar in bars]
            for kind, values in faces.items()
        },
    }


def tables(results: dict):
    print("\nCovered elsewhere, where no more than so many faces are exposed than with nothing at its fullest:\n")
    print("| photographs | evidence | + 0 | + .5 % of faces | + 1 % | + 2 % |\n|---|---|---|---|---|---|")
    for where in ("held", "unseen"):
        for name, result in results.items():
            of = result[where]
            total = of["faces_few"] + of["faces_crowd"]
            exposed = [
                (few * of["faces_few"] + crowd * of["faces_crowd"]) / total
                for few, crowd in zip(of["exposed_few"], of["exposed_crowd"], strict=True)
            ]
            cells = [
                f"{100 * min(e for e, x in zip(of['elsewhere'], exposed, strict=True) if x <= exposed[0] + more):.2f} %"
                for more in (0, 0.005, 0.01, 0.02)
            ]
            print(f"| {where} | {name} | {' | '.join(cells)} |")


def draw(results: dict, file: Path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(2, 2, figsize=(11, 8), sharex=True)
    for column, where in enumerate(("held", "unseen")):
        for row, kind in enumerate(("few", "crowd")):
            panel = panels[row][column]
            for name, result in results.items():
                of = result[where]
                panel.plot(
                    100 * np.array(of["elsewhere"]), 100 * np.array(of[f"exposed_{kind}"]), label=name, linewidth=1
                )
            panel.set_title(f"{where}, {'one or two large faces' if kind == 'few' else 'crowds'}: {of[f'faces_{kind}']} faces")
            panel.set_ylabel("faces exposed, %")
            panel.set_xscale("symlog", linthresh=0.1)
            panel.set_xlim(0, 10)
            panel.grid(alpha=0.3)
            panel.legend(fontsize=7)
    for panel in panels[1]:
        panel.set_xlabel("covered away from faces, % of the pictures with one or two large faces")
    figure.tight_layout()
    figure.savefig(file, dpi=90)


def evidence_of(base: np.ndarray, seen: np.ndarray, known) -> dict[str, np.ndarray]:
    """By name: what a rule is given of every proposal. `seen`: what each look at the whole picture says of it."""
    centerface, yunet, retinaface = (seen[:, [CELLS.index((network, 1))]] for network in range(3))
    centerface, yunet, retinaface = map(log_odds, (centerface, np.interp(yunet, YUNET, CENTERFACE), retinaface))
    apart = np.hstack([base[:, 1:], centerface, yunet])
    verifier, looks = known["verifier"][:, None], log_odds(known["looks"])
    each = {str(name): looks[:, [i]] for i, name in enumerate(known["variants"])}
    return {
        "nothing": base,
        "two networks apart": apart,
        "three networks apart": np.hstack([apart, retinaface]),
        **{f"look: {name}": np.hstack([base, look]) for name, look in each.items()},
        "both looks": np.hstack([base, looks]),
        "network": np.hstack([base, verifier]),
        "network, two apart": np.hstack([apart, verifier]),
        "network, three apart": np.hstack([apart, retinaface, verifier]),
        **{f"network and look: {name}": np.hstack([base, verifier, look]) for name, look in each.items()},
        "network and both looks": np.hstack([base, verifier, looks]),
    }


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
    of, boxes, scores, seen = (data[name][known["row"]] for name in ("picture", "boxes", "scores", "seen"))

    photos = []
    label = np.full(len(of), IGNORED)
    part, kind = np.full((2, len(of)), "", "U32")
    for index in np.unique(of):
        picture = of_name[str(data["names"][index])]
        at = np.flatnonzero(of == index)
        label[at], part[at], kind[at] = truth(picture, boxes[at]), picture.part, picture.kind
        photos.append(Photo(picture, pictures.read(picture), at))
    asked = (label != IGNORED) & (scores < SURE)
    tune = asked & (part == "tune")
    fresh = asked & (part != "tune")
    columns = {name: fresh & (part == name) for name in ("held", "unseen")}
    columns |= {str(name): fresh & (kind == name) for name in np.unique(kind)}
    columns = {name: at for name, at in columns.items() if min((label[at] == 1).sum(), (label[at] == 0).sum()) >= FEWEST}
    print("rules fitted on", (label[tune] == 1).sum(), "faces and", (label[tune] == 0).sum(), "others\n")
    heads = [f"{name}: {(label[at] == 1).sum()} faces, {(label[at] == 0).sum()} others" for name, at in columns.items()]
    print("Doubtful proposals that pass where 95 and 90 % of the faces do, of those that are none:\n")
    print("| evidence |", " | ".join(heads), "|\n|---|", "---|" * len(heads), sep="")

    results = {}
    for name, evidence in evidence_of(plain(scores, boxes), seen, known).items():
        rule = fit(evidence[tune], label[tune])
        belief = rule.judge(evidence)
        cells = [" · ".join(f"{false_at(belief[at], label[at], r):.3f}" for r in RECALLS) for at in columns.values()]
        print(f"| {name} | {' | '.join(cells)} |")
        belief[scores >= SURE] = np.inf
        bars = np.quantile(belief[scores < SURE], np.linspace(0, 0.999, POINTS))
        results[name] = {"weights": rule.weights.round(4).tolist(), "bias": round(rule.bias, 4)}
        for where in ("held", "unseen"):
            results[name][where] = curve_of([p for p in photos if p.picture.part == where], boxes, belief, bars)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.with_suffix(".json").write_text(json.dumps(results) + "\n")
    draw(results, options.out.with_suffix(".png"))
    tables(results)


if __name__ == "__main__":
    main()
