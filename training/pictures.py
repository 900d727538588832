"""The labelled photographs: WIDER FACE's training pictures as they lie in the history of a git repository.

A directory of the pictures themselves is not needed: they are read from git as they are asked for. Which of them are
trained on, and which are held out, is decided here and nowhere else.
"""

import hashlib
import io
import subprocess
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import scipy.io
from PIL import Image

COMMITS = ("1a5671e", "ed26e6a")
FOLDER = "data/WIDER_train/images/"
LABELS = "data/wider_face_split/wider_face_train.mat"
# Classes of WIDER FACE that are never trained on, nor used to choose any number.
UNSEEN = frozenset({"1--Handshaking", "4--Dancing", "5--Car_Accident"})
PROTEST = frozenset({"0--Parade", "2--Demonstration", "3--Riot"})
# A picture has few faces, and its labels are taken for complete, when it has one or two: the larger at least so many
# pixels high, the other no smaller than that.
FEW = 2
LARGE = 100
NOT_SMALL = 40
# A labelled face of fewer pixels across cannot be told from anything.
TINY = 6


@dataclass(frozen=True)
class Picture:
    # CLASS/FILE.jpg
    name: str
    # git's name of its bytes
    blob: str
    # n x 4: x, y, width, height of every labelled face, in pixels
    faces: np.ndarray
    # n: labels that WIDER FACE itself calls unusable, or too small to tell
    ignored: np.ndarray

    @property
    def kind(self) -> str:
        return self.name.split("/")[0]

    @cached_property
    def few(self) -> bool:
        heights = self.faces[:, 3]
        return bool(1 <= len(heights) <= FEW and heights.max() >= LARGE and heights.min() >= NOT_SMALL)

    @cached_property
    def part(self) -> str:
        """train; tune (one in ten, by name: for the rule that weighs the network's word); held (one in ten: only
        measured); unseen (by class: only measured)."""
        if self.kind in UNSEEN:
            return "unseen"
        return {0: "tune", 1: "held"}.get(hashlib.sha256(self.name.encode()).digest()[0] % 10, "train")


class Pictures:
    """`repository`: a git directory, bare or not. Safe to use from several threads."""

    def __init__(self, repository: Path):
        self.repository = repository
        self._reader = subprocess.Popen(
            ["git", "-C", str(repository), "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._lock = threading.Lock()

    def _git(self, *arguments: str) -> bytes:
        return subprocess.run(["git", "-C", str(self.repository), *arguments], check=True, capture_output=True).stdout

    @cached_property
    def all(self) -> list[Picture]:
        """Every labelled picture that the history holds, by name."""
        blobs = {}
        for commit in COMMITS:
            for line in self._git("ls-tree", "-r", commit, FOLDER).decode().splitlines():
                description, path = line.split("\t")
                if path.endswith(".jpg"):
                    blobs[path.removeprefix(FOLDER)] = description.split()[2]
        labels = scipy.io.loadmat(io.BytesIO(self._git("cat-file", "blob", f"{COMMITS[0]}:{LABELS}")))
        found = []
        for event, files, boxes, invalid in zip(
            labels["event_list"][:, 0],
            labels["file_list"][:, 0],
            labels["face_bbx_list"][:, 0],
            labels["invalid_label_list"][:, 0],
            strict=True,
        ):
            for file, faces, unusable in zip(files[:, 0], boxes[:, 0], invalid[:, 0], strict=True):
                name = f"{event[0]}/{file[0]}.jpg"
                if name in blobs:
                    faces = faces.astype(np.float32).reshape(-1, 4)
                    # A few labels have no width or no height at all.
                    real = faces[:, 2:].min(1) > 0
                    faces = faces[real]
                    ignored = (unusable.reshape(-1)[real] > 0) | (faces[:, 2:].min(1) < TINY)
                    found.append(Picture(name, blobs[name], faces, ignored))
        return sorted(found, key=lambda picture: picture.name)

    def read(self, picture: Picture) -> np.ndarray:
        """Its pixels: uint8, height x width x 3, RGB."""
        with self._lock:
            self._reader.stdin.write(f"{picture.blob}\n".encode())
            self._reader.stdin.flush()
            size = int(self._reader.stdout.readline().split()[2])
            data = self._reader.stdout.read(size)
            self._reader.stdout.read(1)
        return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
