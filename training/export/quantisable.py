"""The networks that get a form in 8-bit integers: what is particular to each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

CALIBRATION = Path(__file__).with_name("calibration")


@dataclass(frozen=True)
class Quantisable:
    name: str
    # Stays float: the first three convolutions, for pictures taken in the dark, whose values there are few of the 256;
    # that takes 0 to 4 % longer. So do the last of each branch.
    float_nodes: frozenset[str]
    # What is done in integers.
    op_types: tuple[str, ...]
    # Rids the graph of what stands in the way.
    prepare: Callable[[onnx.ModelProto], None]

    @property
    def calibration(self) -> Path:
        return CALIBRATION / f"{self.name}.json"

    def load(self, models: Path) -> onnx.ModelProto:
        """The float network in the opset that per-channel quantisation needs, with a name for every node."""
        model = onnx.load(models / f"{self.name}.onnx")
        self.prepare(model)
        # What the operators in use do has not changed between these versions.
        model.opset_import[0].version = 13
        model.ir_version = 8
        for node in model.graph.node:
            node.name = f"{node.op_type}_{node.output[0]}"
        onnx.checker.check_model(model)
        return model


def set_values(initializer, array):
    initializer.CopyFrom(numpy_helper.from_array(array.astype(np.float32), initializer.name))


def fold_norms_into_transposed(model):
    """Batch normalisation goes into the transposed convolution before it, so that one integer kernel does both."""
    graph = model.graph
    values = {i.name: i for i in graph.initializer}
    producer = {o: n for n in graph.node for o in n.output}
    for norm in [n for n in graph.node if n.op_type == "BatchNormalization"]:
        up = producer[norm.input[0]]
        if up.op_type != "ConvTranspose" or len(up.input) != 2:
            raise ValueError(f"{norm.output[0]} does not follow a transposed convolution without bias")
        gamma, beta, mean, var = (numpy_helper.to_array(values[n]).astype(np.float64) for n in norm.input[1:5])
        factor = gamma / np.sqrt(var + next(a.f for a in norm.attribute if a.name == "epsilon"))
        weight = numpy_helper.to_array(values[up.input[1]]).astype(np.float64)
        set_values(values[up.input[1]], weight * factor[None, :, None, None])
        bias = f"{norm.output[0]}_bias"
        graph.initializer.append(numpy_helper.from_array((beta - mean * factor).astype(np.float32), bias))
        up.input.append(bias)
        up.output[0] = norm.output[0]
        graph.node.remove(norm)
        for name in norm.input[1:5]:
            graph.initializer.remove(values[name])


def fold_scale_of_input(model):
    """The factor on the input goes into the first convolution. What is subtracted before it cannot: the convolution
    pads with zeros after it."""
    graph = model.graph
    values = {i.name: i for i in graph.initializer}
    scale = next(n for n in graph.node if n.op_type == "Mul")
    first = next(n for n in graph.node if scale.output[0] in n.input)
    factor = numpy_helper.to_array(values[scale.input[1]]).astype(np.float64)
    weight = values[first.input[1]]
    set_values(weight, numpy_helper.to_array(weight).astype(np.float64) * factor)
    first.input[0] = scale.input[0]
    graph.node.remove(scale)
    graph.initializer.remove(values[scale.input[1]])


NETWORKS = {
    network.name: network
    for network in (
        Quantisable(
            "centerface",
            frozenset({"Conv_363", "Conv_366", "Conv_369", "Conv_536", "Conv_scale", "Conv_offset"}),
            ("Conv", "ConvTranspose", "Add", "Relu"),
            fold_norms_into_transposed,
        ),
        Quantisable(
            "retinaface",
            frozenset({"Conv_conv_1_batchnorm", "Conv_conv_2_batchnorm", "Conv_conv_3_dw_batchnorm"})
            | {f"Conv_{branch}{stride}" for stride in (8, 16, 32) for branch in ("face_rpn_cls_score_stride", "box_")},
            ("Conv", "Add", "Relu", "Concat", "Resize"),
            fold_scale_of_input,
        ),
    )
}
