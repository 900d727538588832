"""Boxes: arrays of n x 4 numbers, x, y, width, height, in pixels."""

import numpy as np


def overlaps(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shared area of every box of `a` with every box of `b`: over their union, and over the area of a's box."""
    if len(a) == 0 or len(b) == 0:
        nothing = np.zeros((len(a), len(b)), np.float32)
        return nothing, nothing
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, :2] + a[:, None, 2:], b[None, :, :2] + b[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(2)
    area_a, area_b = a[:, 2] * a[:, 3], b[:, 2] * b[:, 3]
    return shared / (area_a[:, None] + area_b[None] - shared), shared / area_a[:, None]


def suppress(boxes: np.ndarray, scores: np.ndarray, most: float) -> np.ndarray:
    """Indices, best first, of the boxes that overlap no better one by more than `most` (IoU)."""
    order = np.argsort(-scores, kind="stable")
    kept = []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(best)
        shared, _ = overlaps(boxes[best : best + 1], boxes[order])
        order = order[shared[0] <= most]
    return np.array(kept, int)


def grown(boxes: np.ndarray, factor: float) -> np.ndarray:
    """The same middles, sides multiplied."""
    size = boxes[:, 2:] * factor
    return np.concatenate([boxes[:, :2] + (boxes[:, 2:] - size) / 2, size], 1)
