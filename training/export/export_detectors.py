"""Makes models/centerface.onnx and models/retinaface.onnx from the weights their authors published.

    python export_detectors.py --centerface centerface.onnx --retinaface mnet.25_v2.onnx --out ../../models

The weights are left as they are. What changes is the interface:

- any picture size (height and width multiples of 32) instead of the one the file was traced with;
- the input is `image`, uint8, shape (1, height, width, 3): interleaved RGB just as image decoders hand it over.
  Cast and transpose run inside the graph, on the runtime's threads, not in JavaScript;
- outputs carry the field's names;
- batch normalisation is folded into the convolution before it (retinaface), which changes results only by
  float rounding.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CENTERFACE_OUTPUTS = {"537": "heatmap", "538": "scale", "539": "offset", "540": "landmarks"}


def take_rgb_bytes(graph, old_input):
    """Puts `image` (uint8 NHWC) in front of the graph's float NCHW input, and makes it the only one: weights
    listed as inputs too, as old exporters did, could not be folded by the runtime."""
    constants = {i.name for i in graph.initializer}
    for value in [i for i in graph.input if i.name in constants]:
        graph.input.remove(value)
    graph.input.remove(next(i for i in graph.input if i.name == old_input))
    graph.input.insert(0, helper.make_tensor_value_info("image", TensorProto.UINT8, [1, "height", "width", 3]))
    graph.node.insert(0, helper.make_node("Transpose", ["image"], ["image_nchw"], perm=[0, 3, 1, 2]))
    graph.node.insert(1, helper.make_node("Cast", ["image_nchw"], [old_input], to=TensorProto.FLOAT))


def name_outputs(graph, names, keep):
    """Renames outputs and drops those not in `keep`; the sizes become free."""
    rename = {old: new for old, new in names.items() if new in keep}
    for node in graph.node:
        for i, output in enumerate(node.output):
            node.output[i] = rename.get(output, output)
        for i, name in enumerate(node.input):
            node.input[i] = rename.get(name, name)
    channels = {o.name: o.type.tensor_type.shape.dim[1].dim_value for o in graph.output}
    del graph.output[:]
    for old, new in rename.items():
        graph.output.append(
            helper.make_tensor_value_info(new, TensorProto.FLOAT, [1, channels[old], f"{new}_h", f"{new}_w"])
        )


def drop_dead_nodes(graph):
    needed = {o.name for o in graph.output}
    for node in reversed(list(graph.node)):
        if any(output in needed for output in node.output):
            needed.update(node.input)
        else:
            graph.node.remove(node)
    for item in [i for i in graph.initializer if i.name not in needed]:
        graph.initializer.remove(item)


def fold_batch_norms(graph):
    """conv -> BatchNormalization becomes one conv: W' = W g/sqrt(v+e), b' = (b-m) g/sqrt(v+e) + beta."""
    values = {i.name: i for i in graph.initializer}
    producer = {o: n for n in graph.node for o in n.output}
    uses = {}
    for node in graph.node:
        for name in node.input:
            uses[name] = uses.get(name, 0) + 1
    for bn in [n for n in graph.node if n.op_type == "BatchNormalization"]:
        conv = producer.get(bn.input[0])
        if conv is None or conv.op_type != "Conv" or uses[conv.output[0]] != 1:
            continue
        eps = next((a.f for a in bn.attribute if a.name == "epsilon"), 1e-5)
        gamma, beta, mean, var = (numpy_helper.to_array(values[n]).astype(np.float64) for n in bn.input[1:5])
        weight = numpy_helper.to_array(values[conv.input[1]]).astype(np.float64)
        bias = numpy_helper.to_array(values[conv.input[2]]).astype(np.float64) if len(conv.input) > 2 else 0.0
        factor = gamma / np.sqrt(var + eps)
        name = f"{conv.output[0]}_folded"
        for suffix, array in (("weight", weight * factor[:, None, None, None]), ("bias", (bias - mean) * factor + beta)):
            graph.initializer.append(numpy_helper.from_array(array.astype(np.float32), f"{name}_{suffix}"))
        inputs = [conv.input[0], f"{name}_weight", f"{name}_bias"]
        del conv.input[:]
        conv.input.extend(inputs)
        conv.output[0] = bn.output[0]
        graph.node.remove(bn)


def save(model, path):
    model.graph.doc_string = model.doc_string = ""
    del model.metadata_props[:]
    del model.graph.value_info[:]
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


def export_centerface(source, out):
    model = onnx.load(source)
    graph = model.graph
    take_rgb_bytes(graph, "input.1")
    name_outputs(graph, CENTERFACE_OUTPUTS, keep={"heatmap", "scale", "offset"})
    drop_dead_nodes(graph)
    save(model, out / "centerface.onnx")


def export_retinaface(source, out):
    model = onnx.load(source)
    graph = model.graph
    take_rgb_bytes(graph, "data")
    names = {}
    for stride in (8, 16, 32):
        names[f"face_rpn_cls_prob_reshape_stride{stride}"] = f"score_{stride}"
        names[f"face_rpn_bbox_pred_stride{stride}"] = f"box_{stride}"
    name_outputs(graph, names, keep=set(names.values()))
    fold_batch_norms(graph)
    drop_dead_nodes(graph)
    save(model, out / "retinaface.onnx")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--centerface", required=True)
    parser.add_argument("--retinaface", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    export_centerface(options.centerface, options.out)
    export_retinaface(options.retinaface, options.out)
