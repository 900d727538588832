"""Head, no head, or not to be learned from: what a proposal is labelled as.

WIDER FACE's labels alone poison the negatives: in its crowds about nine in ten proposals without a label are heads all
the same. So

- a *head* is a proposal on a labelled face, or one that two networks and more are sure of at several scales;
- *no head* is a proposal away from both, in a picture with one or two large faces, whose labels are nearly complete,
  unless a second network half believes it; or in a crowd, where of three networks at three scales one alone, at one
  alone, saw anything at all (backs of heads are often seen by one network at several scales);
- all else is left out, and so is what touches a label that WIDER FACE itself calls unusable.
"""

from dataclasses import dataclass

import numpy as np

from boxes import grown, overlaps
from pictures import Picture
from proposals import CELLS

IGNORED, NEGATIVE, POSITIVE = -1, 0, 1
# Why: the part of the rule that decided. In sheets and figures.
REASONS = ("doubtful", "labelled", "agreed", "complete", "nothing")
DOUBTFUL, LABELLED, AGREED, COMPLETE, NOTHING = range(5)

SMALLEST = 8
ON_FACE = 0.4
# Own scores, by network, at which it is sure, and at which it half believes.
SURE = np.array([0.3, 0.58, 0.3])
HALF = np.array([0.11, 0.2, 0.11])
FAINT = np.array([0.05, 0.076, 0.05])
SURE_CELLS = 3
# A head reaches beyond its face, so a box beside a face may show the same head.
HEAD = 1.8
TOUCHES = 0.05
CROWD_FAINTEST = 0.15


@dataclass(frozen=True)
class Labels:
    # n: IGNORED, NEGATIVE or POSITIVE
    label: np.ndarray
    # n: index into REASONS
    reason: np.ndarray


def by_network(seen: np.ndarray, bars: np.ndarray) -> np.ndarray:
    """n x 3: at how many scales each network's own score reaches its bar."""
    reached = seen >= bars[[network for network, _ in CELLS]]
    return np.stack([reached[:, [c for c, (n, _) in enumerate(CELLS) if n == network]].sum(1) for network in range(3)], 1)


def touching(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """n: whether a box has a share of another's head, or another a share of it."""
    if len(others) == 0:
        return np.zeros(len(boxes), bool)
    heads = grown(others, HEAD)
    return (overlaps(boxes, heads)[1].max(1) > TOUCHES) | (overlaps(others, boxes)[1].T.max(1) > TOUCHES)


def relabel(picture: Picture, boxes: np.ndarray, scores: np.ndarray, seen: np.ndarray) -> Labels:
    """Labels of one picture's proposals, as proposals.py made them."""
    reason = np.full(len(boxes), DOUBTFUL)
    usable = picture.faces[~picture.ignored]
    on_face = overlaps(boxes, usable)[0].max(1, initial=0) >= ON_FACE
    sure = by_network(seen, SURE)
    agreed = ((sure > 0).sum(1) >= 2) & (sure.sum(1) >= SURE_CELLS)
    away = ~touching(boxes, picture.faces) & ~touching(boxes, boxes[agreed])
    half = (by_network(seen, HALF) > 0).sum(1)
    faint = by_network(seen, FAINT).sum(1)

    if picture.few:
        reason[away & (half <= 1)] = COMPLETE
    else:
        reason[away & (faint <= 1) & (scores < CROWD_FAINTEST)] = NOTHING
    unusable = picture.faces[picture.ignored]
    spoilt = touching(boxes, unusable) & (overlaps(boxes, unusable)[0].max(1, initial=0) > 0)
    reason[agreed & ~spoilt] = AGREED
    reason[on_face] = LABELLED
    reason[(boxes[:, 3] < SMALLEST) | (boxes[:, 2] < SMALLEST / 2)] = DOUBTFUL
    label = np.array([IGNORED, POSITIVE, POSITIVE, NEGATIVE, NEGATIVE])[reason]
    return Labels(label, reason)


def truth(picture: Picture, boxes: np.ndarray) -> np.ndarray:
    """POSITIVE, NEGATIVE or IGNORED by WIDER FACE's labels alone, for measuring: no network that is measured has a say.
    Heads without a label count as none, so false alarms are overstated; only pictures with complete labels have any."""
    label = np.full(len(boxes), IGNORED)
    if picture.few:
        label[~touching(boxes, picture.faces)] = NEGATIVE
    usable = picture.faces[~picture.ignored & (picture.faces[:, 3] >= SMALLEST)]
    label[overlaps(boxes, usable)[0].max(1, initial=0) >= ON_FACE] = POSITIVE
    label[(boxes[:, 3] < SMALLEST) | (boxes[:, 2] < SMALLEST / 2)] = IGNORED
    return label
