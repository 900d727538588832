"""The detectors that Sayeh ships, run and read as Sayeh does (src/core/detect): same files, same formulas."""

from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from boxes import suppress

# YuNet's scores, and CenterFace's that are worth as much: src/core/detect/yunet-score.ts.
YUNET = np.array([0, 0.024, 0.038, 0.076, 0.12, 0.2, 0.29, 0.39, 0.58, 0.68, 0.77, 0.83, 0.86, 0.88, 1])
CENTERFACE = np.array([0, 0.02, 0.03, 0.05, 0.07, 0.11, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1])


class Detector:
    """`name`: a file of models/. A detector may be used from several threads; each look takes one."""

    def __init__(self, models: Path, name: str):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.name = name
        self.family = name.removesuffix("-int8")
        self._session = onnxruntime.InferenceSession(
            models / f"{name}.onnx", options, providers=["CPUExecutionProvider"]
        )
        self._outputs = [output.name for output in self._session.get_outputs()]

    def look(self, picture: np.ndarray, floor: float) -> tuple[np.ndarray, np.ndarray]:
        """Boxes (n x 4, pixels of `picture`: uint8, height x width x 3) and scores above `floor`, the detector's
        own, best first."""
        height, width, _ = picture.shape
        padded = np.zeros((-(-height // 32) * 32, -(-width // 32) * 32, 3), np.uint8)
        padded[:height, :width] = picture
        out = dict(zip(self._outputs, self._session.run(self._outputs, {"image": padded[None]}), strict=True))
        boxes, scores = READ[self.family](out, floor)
        kept = suppress(boxes, scores, OVERLAP[self.family])
        return boxes[kept], scores[kept]

    def look_at(self, picture: np.ndarray, scale: float, floor: float) -> tuple[np.ndarray, np.ndarray]:
        """The same at `scale` network pixels a pixel; boxes in pixels of `picture`."""
        if scale == 1:
            return self.look(picture, floor)
        height, width, _ = picture.shape
        size = [max(32, round(side * scale / 32) * 32) for side in (width, height)]
        kind = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
        boxes, scores = self.look(np.asarray(Image.fromarray(picture).resize(size, kind)), floor)
        return boxes * np.array([width / size[0], height / size[1]] * 2, np.float32), scores

    def common(self, scores: np.ndarray) -> np.ndarray:
        """Its scores on the common scale, CenterFace's."""
        return np.interp(scores, YUNET, CENTERFACE).astype(np.float32) if self.family == "yunet" else scores


def _centred(x, y, width, height):
    return np.stack([x - width / 2, y - height / 2, width, height], 1).astype(np.float32)


def _centerface(out, floor):
    heat = out["heatmap"][0, 0]
    row, column = np.nonzero(heat > floor)
    height, width = np.exp(out["scale"][0][:, row, column]) * 4
    dy, dx = out["offset"][0][:, row, column]
    return _centred((column + dx + 0.5) * 4, (row + dy + 0.5) * 4, width, height), heat[row, column]


def _yunet(out, floor):
    boxes, scores = [], []
    for stride in (8, 16, 32):
        score = out[f"score_{stride}"][0, 0]
        row, column = np.nonzero(score > floor)
        dx, dy, width, height = out[f"box_{stride}"][0][:, row, column]
        size = np.exp(width) * stride, np.exp(height) * stride
        boxes.append(_centred((column + dx) * stride, (row + dy) * stride, *size))
        scores.append(score[row, column])
    return np.concatenate(boxes), np.concatenate(scores)


def _retinaface(out, floor):
    boxes, scores = [], []
    for stride, sides in {8: (32, 16), 16: (128, 64), 32: (512, 256)}.items():
        for anchor, side in enumerate(sides):
            score = out[f"score_{stride}"][0, 2 + anchor]
            row, column = np.nonzero(score > floor)
            dx, dy, dw, dh = out[f"box_{stride}"][0][4 * anchor : 4 * anchor + 4, row, column]
            x, y = column * stride + 8 + side * dx, row * stride + 8 + side * dy
            boxes.append(_centred(x, y, side * np.exp(dw), side * np.exp(dh)))
            scores.append(score[row, column])
    return np.concatenate(boxes), np.concatenate(scores)


READ = {"centerface": _centerface, "yunet": _yunet, "retinaface": _retinaface}
OVERLAP = {"centerface": 0.3, "yunet": 0.45, "retinaface": 0.4}
