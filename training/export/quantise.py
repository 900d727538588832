"""Makes models/NAME-int8.onnx from models/NAME.onnx and calibration/NAME.json, for every network of quantisable.py.

    python quantise.py --models ../../models

Static quantisation in the QDQ form: weights int8 per output channel, activations uint8 per tensor. Same input and
outputs as the float network. What is done besides onnxruntime.quantization's own work:

- channels that meet in a depthwise convolution are brought to one range before they are quantised, and the
  depthwise weights undo it (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias
  Correction"). One scale then serves every channel of the tensor, and it costs nothing: depthwise weights have a
  scale for each channel anyway. It halves CenterFace's error;
- weights are small enough that no processor cuts their sums short, see `channel_scales`.

Where the ranges come from: calibrate.py.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from onnxruntime.quantization import QuantType
from onnxruntime.quantization.calibrate import CalibrationMethod, TensorData, TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

from export_detectors import save
from quantisable import NETWORKS, set_values

# Channels' factors are 2 ** (-n / STEPS), so that the file can hold small integers.
STEPS = 4


def depthwise_inputs(model, float_nodes):
    """Tensors that come from a convolution and Relu and go into one depthwise convolution: name to (convolution
    before, convolution after)."""
    producer = {o: n for n in model.graph.node for o in n.output}
    shape = {i.name: i.dims for i in model.graph.initializer}
    found = {}
    for node in model.graph.node:
        if node.op_type != "Conv" or node.name in float_nodes or shape[node.input[1]][1] != 1:
            continue
        relu = producer[node.input[0]]
        if relu.op_type == "Relu" and sum(node.input[0] in n.input for n in model.graph.node) == 1:
            found[node.input[0]] = (producer[relu.input[0]], node)
    return found


def equalise(model, float_nodes, steps):
    """Divides each channel of the tensors in `steps` by 2 ** (-n / STEPS), and multiplies the depthwise weights
    after it by as much. Relu lets positive factors through, so the network computes what it did."""
    values = {i.name: i for i in model.graph.initializer}
    for name, (before, after) in depthwise_inputs(model, float_nodes).items():
        factor = 2.0 ** (-np.array(steps[name]) / STEPS)
        for item, axes in ((before.input[1], (1, 2, 3)), (before.input[2], ())):
            set_values(values[item], numpy_helper.to_array(values[item]).astype(np.float64) / np.expand_dims(factor, axes))
        weight = numpy_helper.to_array(values[after.input[1]]).astype(np.float64)
        set_values(values[after.input[1]], weight * factor[:, None, None, None])


def channel_scales(model, float_nodes):
    """Scales for the weights of the convolutions that are not depthwise: name to one option set per output channel.

    Processors without VNNI multiply neighbouring pairs of an unsigned and a signed byte, add the two products in 16 bits,
    and what does not fit is cut off, without a word. 255 times the sum of two neighbouring weights of one sign must
    therefore stay below 32,768, and then every processor finds the same. Neighbours are neighbours in the input's
    channels; in a kernel larger than 1 x 1, whose order of summing is the runtime's affair, any two weights are.
    """
    values = {i.name: numpy_helper.to_array(i).astype(np.float64) for i in model.graph.initializer}
    overrides = {}
    for node in model.graph.node:
        if node.op_type != "Conv" or node.name in float_nodes or values[node.input[1]].shape[1] == 1:
            continue
        weight = values[node.input[1]]
        pair = 2 * np.abs(weight).max((1, 2, 3))
        if weight.shape[2:] == (1, 1) and weight.shape[1] % 2 == 0:
            flat = weight[:, :, 0, 0]
            pair = np.max([(side[:, ::2] + side[:, 1::2]).max(1) for side in (flat.clip(0), (-flat).clip(0))], axis=0)
        scales = np.maximum(pair, np.abs(weight).max((1, 2, 3))) / 127
        overrides[node.input[1]] = [
            {"quant_type": QuantType.QInt8, "scale": np.float32(s), "zero_point": np.int8(0)} for s in scales
        ]
        overrides[node.input[1]][0]["axis"] = 0
    return overrides


def quantise(network, model, ranges):
    """The QDQ form of `model`, which is of `network`; `ranges` holds the lowest and the highest value of every
    activation."""
    model = onnx.shape_inference.infer_shapes(model)
    producer = {o: n for n in model.graph.node for o in n.output}
    nodes = {n.name for n in model.graph.node if n.op_type in network.op_types and n.op_type != "Relu"}
    nodes -= network.float_nodes
    nodes |= {n.name for n in model.graph.node if n.op_type == "Relu" and producer[n.input[0]].name in nodes}
    tensors = {name: TensorData(lowest=np.float32(lo), highest=np.float32(hi)) for name, (lo, hi) in ranges.items()}
    quantizer = QDQQuantizer(
        model,
        per_channel=True,
        reduce_range=False,
        weight_qType=QuantType.QInt8,
        activation_qType=QuantType.QUInt8,
        tensors_range=TensorsData(CalibrationMethod.MinMax, tensors),
        nodes_to_quantize=sorted(nodes),
        nodes_to_exclude=[],
        op_types_to_quantize=list(network.op_types),
        extra_options={
            "ActivationSymmetric": False,
            "WeightSymmetric": True,
            "TensorQuantOverrides": channel_scales(model, network.float_nodes),
        },
    )
    quantizer.quantize_model()
    quantizer.model.topological_sort()
    return quantizer.model.model


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, required=True)
    options = parser.parse_args()
    for network in NETWORKS.values():
        calibration = json.loads(network.calibration.read_text())
        model = network.load(options.models)
        equalise(model, network.float_nodes, calibration["steps"])
        save(quantise(network, model, calibration["ranges"]), options.models / f"{network.name}-int8.onnx")
