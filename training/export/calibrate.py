"""Measures what quantise.py needs, on photographs, and writes it to calibration/NAME.json.

    python calibrate.py --pictures WIDER_train/images --models ../../models NAME...

The photographs are those of calibration/pictures.txt, found by file name anywhere below --pictures. Each is brought
to a width or height of 320, 512, 768 or 1024 pixels in turn, so that faces of many sizes and pictures of many
sharpnesses are among them.

- Channels: the mean over the photographs of a channel's highest value, against the tensor's highest channel.
- Ranges: of every tensor, the range that loses least, in squared error, when its values are rounded to 256 levels:
  some outliers are clipped so that the others keep more digits.
"""

import argparse
import copy
import json
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from PIL import Image

from quantisable import CALIBRATION, NETWORKS
from quantise import STEPS, depthwise_inputs, equalise

LIST = CALIBRATION / "pictures.txt"
SIDES = (320, 512, 768, 1024)
BINS = 4096
# A channel is not enlarged by more than this: one that is nearly always zero would fill up with noise.
GREATEST_STEP = 6 * STEPS


def photographs(folder):
    """uint8, 1 x height x width x 3, padded with black to multiples of 32 as Sayeh does."""
    where = {p.name: p for p in sorted(folder.rglob("*.jpg"))}
    for i, name in enumerate(LIST.read_text().split()):
        picture = Image.open(where[name]).convert("RGB")
        factor = SIDES[i % len(SIDES)] / max(picture.size)
        filter = Image.Resampling.BOX if factor < 1 else Image.Resampling.BILINEAR
        array = np.asarray(picture.resize([round(side * factor) for side in picture.size], filter))
        padding = [(0, -side % 32) for side in array.shape[:2]]
        yield np.pad(array, [*padding, (0, 0)])[None]


def measure(model, pictures):
    """Calls back (tensor's name, values) for every activation of every picture."""
    names = [o for n in model.graph.node if n.op_type not in ("Transpose", "Cast", "Shape") for o in n.output]
    tapped = copy.deepcopy(model)
    known = {o.name for o in tapped.graph.output}
    tapped.graph.output.extend(
        helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in names if n not in known
    )
    session = onnxruntime.InferenceSession(tapped.SerializeToString(), providers=["CPUExecutionProvider"])
    for picture in pictures:
        yield from zip(names, session.run(names, {"image": picture}), strict=True)


def channel_steps(model, float_nodes, pictures):
    wanted = depthwise_inputs(model, float_nodes)
    highest = {name: [] for name in wanted}
    for name, values in measure(model, pictures):
        if name in wanted:
            highest[name].append(values.max((0, 2, 3)))
    steps = {}
    for name, rows in highest.items():
        mean = np.mean(rows, axis=0)
        with np.errstate(divide="ignore"):
            n = np.round(-STEPS * np.log2(mean / mean.max()))
        steps[name] = [int(x) for x in np.minimum(n, GREATEST_STEP)]
    return steps


def best_ranges(model, pictures):
    lowest, highest, counts = {}, {}, {}
    for name, values in measure(model, pictures):
        lowest[name] = min(lowest.get(name, 0.0), float(values.min()))
        highest[name] = max(highest.get(name, 0.0), float(values.max()))
    for name, values in measure(model, pictures):
        factor = np.float32((BINS - 0.01) / (highest[name] - lowest[name]))
        index = ((values.ravel() - np.float32(lowest[name])) * factor).astype(np.int16)
        counts[name] = counts.get(name, 0) + np.bincount(index, minlength=BINS)[:BINS]
    return {name: least_loss(lowest[name], highest[name], counts[name]) for name in counts}


def least_loss(lowest, highest, counts):
    edges = np.linspace(lowest, highest, BINS + 1)
    values = (edges[1:] + edges[:-1]) / 2
    best = (np.inf, None)
    for share in np.linspace(0.1, 1, 46):
        low, high = lowest * share, highest * share
        scale = (high - low) / 255
        rounded = np.clip(np.round(values / scale) * scale, low, high)
        best = min(best, (float((counts * (values - rounded) ** 2).sum()), [low, high]))
    return [float(f"{end:.4g}") for end in best[1]]


def lines(table):
    """JSON with one line per tensor."""
    rows = [f'  "{name}": {json.dumps(value, separators=(",", ":"))}' for name, value in table.items()]
    return "{\n" + ",\n".join(rows) + "\n}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("networks", nargs="+", choices=sorted(NETWORKS))
    options = parser.parse_args()
    pictures = list(photographs(options.pictures))
    for network in map(NETWORKS.get, options.networks):
        model = network.load(options.models)
        steps = channel_steps(model, network.float_nodes, pictures)
        equalise(model, network.float_nodes, steps)
        ranges = best_ranges(model, pictures)
        network.calibration.write_text('{\n"ranges": ' + lines(ranges) + ',\n"steps": ' + lines(steps) + "\n}\n")
