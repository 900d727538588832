"""Makes models/yunet.onnx from the weights its authors published.

    python export_yunet.py --yunet yunet_n_dynamic.onnx --out ../../models

The weights are left as they are but for their order and place. What changes:

- the input is `image`, uint8, shape (1, height, width, 3), as for the other networks (export_detectors.py). The network
  was trained on BGR (`to_rgb=False` in its configuration), so the input channels of its first convolution are put in
  the opposite order: that costs nothing at run time;
- the three heads of a level (class, objectness, box: a 1x1 convolution to 1, 1 and 4 channels, then a 3x3 one channel
  by channel) become one head of six channels, which is the same arithmetic in fewer passes over memory;
- class and objectness leave as one `score`, the geometric mean of both probabilities, as OpenCV's FaceDetectorYN
  defines it; outputs are planes, not lists of cells; the landmarks are dropped.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
from export_detectors import drop_dead_nodes, save, take_rgb_bytes
from onnx import TensorProto, helper, numpy_helper

STRIDES = (8, 16, 32)
BOX_CHANNELS = 4


class Weights:
    """The initialisers of a graph by name."""

    def __init__(self, graph):
        self.graph = graph
        self.values = {i.name: i for i in graph.initializer}

    def get(self, name):
        return numpy_helper.to_array(self.values[name])

    def add(self, name, array):
        tensor = numpy_helper.from_array(np.ascontiguousarray(array), name)
        self.graph.initializer.append(tensor)
        self.values[name] = tensor
        return name


def expect_rgb(graph, weights):
    """The first convolution reads red where it read blue."""
    first = next(n for n in graph.node if n.op_type == "Conv")
    weights.values[first.input[1]].CopyFrom(
        numpy_helper.from_array(np.ascontiguousarray(weights.get(first.input[1])[:, ::-1]), first.input[1])
    )


def join_heads(graph, weights, level):
    """Six channels a level: class, objectness, dx, dy, dw, dh. Returns the name of that tensor."""
    convs = {n.input[1]: n for n in graph.node if n.op_type == "Conv"}
    joined, source = "", None
    for step in ("conv1", "conv2"):
        parts = [
            convs[f"bbox_head.multi_level_{kind}.{level}.{step}.weight"] for kind in ("cls", "obj", "bbox")
        ]
        output = f"head_{STRIDES[level]}_{step}"
        # A level's features, then the joined 1x1 convolution. All heads of a level read the same features.
        source = joined or parts[0].input[0]
        if not joined:
            assert {p.input[0] for p in parts} == {source}
        weight = np.concatenate([weights.get(p.input[1]) for p in parts])
        bias = np.concatenate([weights.get(p.input[2]) for p in parts])
        inputs = [source, weights.add(f"{output}.weight", weight), weights.add(f"{output}.bias", bias)]
        size = weight.shape[2]
        graph.node.append(
            helper.make_node(
                "Conv",
                inputs,
                [output],
                kernel_shape=[size, size],
                pads=[size // 2] * 4,
                strides=[1, 1],
                dilations=[1, 1],
                group=1 if step == "conv1" else weight.shape[0],
            )
        )
        joined = output
    return joined


def name_outputs(graph, weights):
    del graph.output[:]
    weights.add("split_head", np.array([1, 1, BOX_CHANNELS], np.int64))
    for level, stride in enumerate(STRIDES):
        head = join_heads(graph, weights, level)
        cls, obj, box, score = f"class_{stride}", f"object_{stride}", f"box_{stride}", f"score_{stride}"
        graph.node.extend(
            [
                helper.make_node("Split", [head, "split_head"], [cls, obj, box], axis=1),
                helper.make_node("Sigmoid", [cls], [f"{cls}_p"]),
                helper.make_node("Sigmoid", [obj], [f"{obj}_p"]),
                helper.make_node("Mul", [f"{cls}_p", f"{obj}_p"], [f"{score}_squared"]),
                helper.make_node("Sqrt", [f"{score}_squared"], [score]),
            ]
        )
        for name, channels in ((score, 1), (box, BOX_CHANNELS)):
            shape = [1, channels, f"rows_{stride}", f"columns_{stride}"]
            graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))


def export_yunet(source, out):
    model = onnx.load(source)
    graph = model.graph
    weights = Weights(graph)
    expect_rgb(graph, weights)
    name_outputs(graph, weights)
    take_rgb_bytes(graph, "input")
    drop_dead_nodes(graph)
    # Split takes its sizes as an input since opset 13; nothing else in this graph changed up to it.
    model.opset_import[0].version = 13
    save(model, out / "yunet.onnx")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--yunet", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    export_yunet(options.yunet, options.out)
