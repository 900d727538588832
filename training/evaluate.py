"""How well the exported verifier tells heads from the rest, on crops that it was not trained on; and what it costs.

    python evaluate.py --crops work/crops --verifier work/verifier.onnx

Doubtful proposals only (.05 to .4 on the common scale), since nobody asks about the others. Of what is no head only
that of pictures with complete labels counts. False: the share of what is no head that passes where that share of the
heads do. The same crops are shown as they are, and as a phone at night would have taken them.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import onnxruntime

from closer_look import DOUBTFUL
from compare_looks import plain
from export import middle
from labels import COMPLETE
from rule import false_at, fit

SIZES = ((0, 16), (16, 32), (32, 64), (64, 10_000))


def session_of(path: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def judged(session: onnxruntime.InferenceSession, crops: np.ndarray, batch: int = 64) -> np.ndarray:
    """Log-odds of a head for crops, uint8, n x 64 x 64 x 3."""
    parts = [session.run(["log_odds"], {"crops": crops[i : i + batch]})[0] for i in range(0, len(crops), batch)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def at_night(crops: np.ndarray) -> np.ndarray:
    """A fifth of the light, noise of 4 levels, half the pixels."""
    rng = np.random.default_rng(11)
    halved = crops.reshape(len(crops), 32, 2, 32, 2, 3).mean((2, 4))
    dark = halved * 0.2 + rng.normal(0, 4, halved.shape)
    return np.clip(dark.repeat(2, 1).repeat(2, 2).round(), 0, 255).astype(np.uint8)


def area(judged: np.ndarray, label: np.ndarray) -> float:
    """Area under the curve of recall against false alarms."""
    rank = np.argsort(np.argsort(judged)) + 1
    heads = label == 1
    n, m = heads.sum(), (~heads).sum()
    return float((rank[heads].sum() - n * (n + 1) / 2) / (n * m))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--crops", type=Path, required=True)
    parser.add_argument("--verifier", type=Path, required=True)
    options = parser.parse_args()
    known = np.load(options.crops.with_suffix(".npz"))
    known = {name: known[name] for name in known.files}
    crops = np.load(options.crops.with_suffix(".npy"), mmap_mode="r")
    asked = (known["score"] >= DOUBTFUL[0]) & (known["score"] < DOUBTFUL[1])
    asked &= (known["label"] == 1) | (known["reason"] == COMPLETE)
    session = session_of(options.verifier)

    def of(mine):
        return middle(crops[np.flatnonzero(mine)])

    tune = asked & (known["part"] == "tune")
    base = plain(known["score"], known["box"])
    rules = fit(base[tune], known["label"][tune])
    both = fit(np.column_stack([base[tune], judged(session, of(tune))]), known["label"][tune])
    print("weights of score, size and verifier:", both.weights.round(3), "bias", round(both.bias, 3))

    print("| crops | heads | no heads | score alone: false at .95 | .9 | verifier: area | false at .95 | .9 | both: false at .95 | .9 |")
    print("|---|---|---|---|---|---|---|---|---|---|")

    def line(name, mine, change=lambda crops: crops):
        label = known["label"][mine]
        if min((label == 1).sum(), (label == 0).sum()) < 20:
            return
        seen = judged(session, change(of(mine)))
        alone = rules.judge(base[mine])
        combined = both.judge(np.column_stack([base[mine], seen]))
        cells = [f"{false_at(alone, label, r):.3f}" for r in (0.95, 0.9)]
        cells += [f"{area(seen, label):.3f}"] + [f"{false_at(seen, label, r):.3f}" for r in (0.95, 0.9)]
        cells += [f"{false_at(combined, label, r):.3f}" for r in (0.95, 0.9)]
        print(f"| {name} | {(label == 1).sum()} | {(label == 0).sum()} | {' | '.join(cells)} |")

    for part in ("tune", "held", "unseen"):
        line(part, asked & (known["part"] == part))
    tested = asked & np.isin(known["part"], ("held", "unseen"))
    line("held and unseen, at night", tested, at_night)
    for low, high in SIZES:
        line(f"held and unseen, {low} to {high} pixels", tested & (known["box"][:, 3] >= low) & (known["box"][:, 3] < high))

    sample = of(tested)[:640]
    for threads in (1, 2):
        timed = session_of(options.verifier, threads)
        judged(timed, sample)
        clock, processor = time.perf_counter(), time.process_time()
        judged(timed, sample)
        print(
            f"{threads} threads, batches of 64: {1e3 * (time.perf_counter() - clock) / len(sample):.3f} ms a crop,"
            f" {1e3 * (time.process_time() - processor) / len(sample):.3f} of processor time"
        )


if __name__ == "__main__":
    main()
