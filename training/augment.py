"""What phones do to a face before Sayeh sees it: another place and size in the box, few pixels, blur, darkness, noise,
compression."""

import io

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from crops import KEPT_SIDE, SIDE

SHIFT = 0.12
SCALE = (0.8, 1.25)
TURN = 0.2
# Pixels across the crop, of which the face has half: down to faces of 8 pixels.
FEWEST = 16


def placed(crops: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """Shifts, scales, turns and mirrors: n x 3 x 96 x 96 to n x 3 x 64 x 64."""
    n = len(crops)

    def between(low, high):
        return low + (high - low) * torch.rand(n, generator=random)

    angle = between(-1, 1) ** 3 * TURN
    scale = torch.exp(between(*np.log(SCALE))) * SIDE / KEPT_SIDE
    mirror = torch.where(torch.rand(n, generator=random) < 0.5, -1.0, 1.0)
    shift = torch.stack([between(-SHIFT, SHIFT), between(-SHIFT, SHIFT)], 1) * SIDE / KEPT_SIDE
    cos, sin = scale * torch.cos(angle), scale * torch.sin(angle)
    theta = torch.stack(
        [torch.stack([cos * mirror, -sin, shift[:, 0]], 1), torch.stack([sin * mirror, cos, shift[:, 1]], 1)], 1
    )
    grid = F.affine_grid(theta, [n, 3, SIDE, SIDE], align_corners=False)
    return F.grid_sample(crops, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def blurred(crops: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """Out of focus, or moved while the shutter was open: one straight smear for each crop."""
    n, _, side, _ = crops.shape
    reach = 4
    at = torch.arange(-reach, reach + 1, dtype=torch.float32)
    y, x = torch.meshgrid(at, at, indexing="ij")
    angle = torch.rand(n, 1, 1, generator=random) * np.pi
    along = x * torch.cos(angle) + y * torch.sin(angle)
    across = -x * torch.sin(angle) + y * torch.cos(angle)
    length = torch.rand(n, 1, 1, generator=random) ** 2 * 3 + 0.3
    width = torch.rand(n, 1, 1, generator=random) ** 3 * 1.5 + 0.3
    kernel = torch.exp(-0.5 * ((along / length) ** 2 + (across / width) ** 2))
    kernel = (kernel / kernel.sum((1, 2), keepdim=True)).repeat_interleave(3, 0)[:, None]
    return F.conv2d(crops.reshape(1, n * 3, side, side), kernel, padding=reach, groups=n * 3).reshape(crops.shape)


def lit(crops: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """Other light, colour and contrast; one in five as dark as a street at night. Values 0 to 255."""
    n = len(crops)

    def rand(*shape):
        return torch.rand(n, *shape, 1, 1, generator=random)

    gain = torch.exp((rand(1) - 0.5) * 0.8)
    gain = torch.where(rand(1) < 0.2, rand(1) * 0.4 + 0.1, gain)
    tint = torch.exp((rand(3) - 0.5) * 0.3)
    middle = crops.mean((1, 2, 3), keepdim=True)
    crops = middle + (crops - middle) * torch.exp((rand(1) - 0.5) * 0.6)
    grey = torch.where(rand(1) < 0.1, 1.0, 0.0)
    crops = crops * (1 - grey) + crops.mean(1, keepdim=True) * grey
    return (crops * gain * tint).clamp(0, 255)


def compressed(crops: torch.Tensor, quality: int) -> torch.Tensor:
    out = torch.empty_like(crops)
    for i, crop in enumerate(crops.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).numpy()):
        file = io.BytesIO()
        Image.fromarray(crop).save(file, "JPEG", quality=quality)
        out[i] = torch.from_numpy(np.asarray(Image.open(file)).copy()).permute(2, 0, 1)
    return out


def augment(crops: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """uint8, n x 96 x 96 x 3, to float 0 to 255, n x 3 x 64 x 64. Crops of one call share their number of pixels and
    how they are compressed: call it with a few dozen at a time."""
    crops = placed(crops.permute(0, 3, 1, 2).float(), random)

    def chance(p):
        return torch.rand((), generator=random).item() < p

    crops = lit(crops, random)
    if chance(0.4):
        crops = blurred(crops, random)
    shrunk = chance(0.6)
    if shrunk:
        side = int(FEWEST * (SIDE / FEWEST) ** torch.rand((), generator=random).item())
        crops = F.interpolate(crops, (side, side), mode="bilinear", antialias=True)
    if chance(0.4):
        level = torch.rand(len(crops), 1, 1, 1, generator=random) ** 2 * 20
        crops = crops + level * torch.randn(crops.shape, generator=random)
    if chance(0.4):
        crops = compressed(crops, int(torch.randint(20, 80, (), generator=random)))
    if shrunk:
        crops = F.interpolate(crops, (SIDE, SIDE), mode="bilinear")
    return crops.clamp(0, 255)
