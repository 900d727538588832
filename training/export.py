"""Writes the trained verifier as ONNX, and its form in 8-bit integers.

    python export.py --weights work/verifier.pt --crops work/crops --out work

verifier.onnx: `crops`, uint8, n x 64 x 64 x 3, RGB; `log_odds`, float, n. Any n. Opset 17, with nothing in it that
onnxruntime-node or onnxruntime-web lacks. verifier-int8.onnx: the same, static QDQ, per channel, first and last layers
float, ranges from 1,024 crops that were trained on.
"""

import argparse
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from crops import KEPT_SIDE, SIDE
from network import Verifier

OPSET = 17
CALIBRATION = 1024
BORDER = (KEPT_SIDE - SIDE) // 2


class FromBytes(torch.nn.Module):
    def __init__(self, verifier: Verifier):
        super().__init__()
        self.verifier = verifier

    def forward(self, crops):
        return self.verifier(crops.permute(0, 3, 1, 2).float())


def middle(crops: np.ndarray) -> np.ndarray:
    """The 64 x 64 crops within the larger ones that are kept for training."""
    return np.ascontiguousarray(crops[:, BORDER : BORDER + SIDE, BORDER : BORDER + SIDE])


class Reader(CalibrationDataReader):
    def __init__(self, crops: np.ndarray):
        self._batches = iter(np.split(crops, len(crops) // 64))

    def get_next(self):
        batch = next(self._batches, None)
        return None if batch is None else {"crops": batch}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--crops", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    verifier = Verifier()
    verifier.load_state_dict(torch.load(options.weights, weights_only=True)["model"])
    whole = options.out / "verifier.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            FromBytes(verifier).eval(),
            (torch.zeros(2, SIDE, SIDE, 3, dtype=torch.uint8),),
            whole,
            input_names=["crops"],
            output_names=["log_odds"],
            dynamic_axes={"crops": {0: "count"}, "log_odds": {0: "count"}},
            opset_version=OPSET,
            dynamo=False,
        )
    known = np.load(options.crops.with_suffix(".npz"))
    rows = np.random.default_rng(5).permutation(np.flatnonzero(known["part"] == "train"))[:CALIBRATION]
    crops = middle(np.load(options.crops.with_suffix(".npy"), mmap_mode="r")[np.sort(rows)])
    prepared = options.out / "verifier-prepared.onnx"
    quant_pre_process(whole, prepared, skip_symbolic_shape=True)
    convolutions = [node.name for node in onnx.load(prepared).graph.node if node.op_type == "Conv"]
    quantize_static(
        prepared,
        options.out / "verifier-int8.onnx",
        Reader(crops[: len(crops) // 64 * 64]),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "Relu", "Add"],
        nodes_to_exclude=convolutions[:1],
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
    prepared.unlink()
    for name in ("verifier", "verifier-int8"):
        print(name, (options.out / f"{name}.onnx").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
