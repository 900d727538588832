"""Trains the verifier on a processor, and goes on where it was stopped.

    python train.py --crops work/crops --out work/verifier.pt --minutes 35

Ends after --epochs, or where --minutes have passed: then the same command goes on from the checkpoint. The rate of
learning falls to zero over all epochs, so choose as many as the time is good for.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from augment import augment
from labels import COMPLETE
from network import Verifier

BATCH = 256
# Crops augmented together.
GROUP = 32
RATE = 2e-3
DECAY = 1e-2
SMOOTHING = 0.03
# How much more often one that the detector doubts, or was not asked about, is drawn than one that it is sure of.
DOUBTFUL = 3.0
SURE = 0.4


def weights(known) -> np.ndarray:
    """How often each crop is drawn: both labels alike; what the detector is in doubt of more often, since nobody asks
    about the rest."""
    label, score, reason = known["label"], known["score"], known["reason"]
    weight = np.where(score >= SURE, 1.0, DOUBTFUL)
    # Labels that are nearly complete weigh more than the agreement of networks.
    weight[reason == COMPLETE] *= 2
    for value in (0, 1):
        weight[label == value] /= weight[label == value].sum()
    return weight / weight.sum()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--crops", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=30, help="of --steps batches each")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)

    known = np.load(options.crops.with_suffix(".npz"))
    crops = np.load(options.crops.with_suffix(".npy"), mmap_mode="r")
    rows = np.flatnonzero(known["part"] == "train")
    known = {name: known[name][rows] for name in ("label", "score", "reason")}
    chance = weights(known)
    label = torch.from_numpy(known["label"].astype(np.float32))

    model = Verifier()
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    total = options.epochs * options.steps
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=total, pct_start=0.1)
    epoch, spent = 0, 0.0
    if options.out.exists():
        saved = torch.load(options.out, weights_only=True)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
        epoch, spent = saved["epoch"], saved["seconds"]
    print(len(rows), "crops,", int(label.sum()), "heads; from epoch", epoch, flush=True)

    begin = time.monotonic()
    while epoch < options.epochs and time.monotonic() - begin < 60 * options.minutes:
        since = time.monotonic()
        # Drawn anew from the epoch's number, so that a run that was stopped sees what an unbroken one would.
        random = torch.Generator().manual_seed(epoch)
        drawn = np.random.default_rng(epoch).choice(len(rows), (options.steps, BATCH), p=chance)
        model.train()
        losses = []
        for batch in drawn:
            pixels = torch.from_numpy(crops[rows[batch]])
            seen = torch.cat([augment(group, random) for group in pixels.split(GROUP)])
            target = label[batch]
            out = model(seen.contiguous(memory_format=torch.channels_last))
            loss = F.binary_cross_entropy_with_logits(out, target * (1 - SMOOTHING) + SMOOTHING / 2)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        epoch += 1
        spent += time.monotonic() - since
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict()}
        torch.save({**state, "epoch": epoch, "seconds": spent}, options.out.with_suffix(".part"))
        options.out.with_suffix(".part").replace(options.out)
        print(f"epoch {epoch} loss {np.mean(losses):.4f} {time.monotonic() - since:.0f} s", flush=True)


if __name__ == "__main__":
    main()
