"""False alarms at equal recall, of doubtful proposals, with each closer look and without: a table.

    python compare_looks.py --looks work/looks.npz

The rule is fitted on the part that is trained on, and measured on pictures held out and on classes never used; what
is a head and what not is said by labels alone.
"""

import argparse
from itertools import combinations
from pathlib import Path

import numpy as np

from closer_look import VARIANTS, name_of
from proposals import CELLS, NETWORKS, SCALES
from rule import false_at, fit, log_odds

RECALLS = (0.95, 0.9)
SMALL = 24


def plain(score: np.ndarray, box: np.ndarray) -> np.ndarray:
    """What is known without looking again: n x 2."""
    return np.stack([log_odds(score), np.log(np.maximum(1, box[:, 3] / SMALL))], 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--looks", type=Path, required=True)
    options = parser.parse_args()
    known = np.load(options.looks)
    base = plain(known["score"], known["box"])
    variants = [str(v) for v in known["variants"]]
    columns = {name: log_odds(known["looks"][:, i])[:, None] for i, name in enumerate(variants)}
    cost = dict(zip(variants, known["milliseconds"], strict=True))
    part = {
        "train": known["part"] == "train",
        "held": np.isin(known["part"], ("tune", "held")),
        "unseen": known["part"] == "unseen",
    }
    for name, mine in part.items():
        print(name, int((known["label"][mine] == 1).sum()), "faces,", int((known["label"][mine] == 0).sum()), "others")

    def line(name, evidence, ms):
        rule = fit(evidence[part["train"]], known["label"][part["train"]])
        cells = []
        for mine in (part["held"], part["unseen"]):
            judged = rule.judge(evidence[mine])
            cells += [f"{false_at(judged, known['label'][mine], recall):.3f}" for recall in RECALLS]
        print(f"| {name} | {ms:.2f} | {' | '.join(cells)} |")

    print("| evidence | ms a proposal | held: false at .95 | at .9 | unseen: false at .95 | at .9 |\n|---|---|---|---|---|---|")
    line("score and size alone", base, 0)
    whole = [i for i, (network, scale) in enumerate(CELLS) if network == 2 and SCALES[scale] > 1]
    line(f"{NETWORKS[2]} on the whole picture at 1.5x", np.concatenate([base, log_odds(known["seen"][:, whole])], 1), 0)
    for name in variants:
        line(name, np.concatenate([base, columns[name]], 1), cost[name])
    for one, other in combinations(VARIANTS, 2):
        if one[0] != other[0] and one[1:] == other[1:]:
            a, b = name_of(one), name_of(other)
            line(f"{a} + {b}", np.concatenate([base, columns[a], columns[b]], 1), cost[a] + cost[b])
    line("all of them", np.concatenate([base, *columns.values()], 1), sum(cost.values()))


if __name__ == "__main__":
    main()
