"""The average over several views of a video, in plain PyTorch: cut view by view, run, and differentiated by autograd.

    views.py MODEL VIDEO CLIPS STRIDE AVERAGE TARGET FOLDER

MODEL is that of smooth_model.py, which looks at 16×64×64 here and returns logits; VIDEO a .npy of T×H×W×3 bytes with
H = 64 and W > 64. CLIPS temporal clips of every STRIDE-th frame lie from the video's first frame to its last, with
three crops each. Written to FOLDER, of the frames that any view shows: probabilities.npy; gradient.npy, C×T×H×W, of the
class's score; cam.npy, Grad-CAM; mask.npy, F-EP's after a few updates (bench/speed/eager_ep.py).
"""

import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "speed"))

import eager_ep  # noqa: E402

torch.set_num_threads(1)

FRAMES, SIDE = 16, 64
MEAN, STD = torch.tensor([0.5, 0.4, 0.3]), torch.tensor([0.2, 0.25, 0.3])
ITERATIONS = 6


class Views:
    """Where the views lie among the frames that any of them shows."""

    def __init__(self, total: int, width: int, clips: int, stride: int):
        last = total - ((FRAMES - 1) * stride + 1)
        starts = np.round(np.arange(clips) * (last / (clips - 1))).astype(int)
        shown = [start + stride * np.arange(FRAMES) for start in starts]
        self.union = np.unique(np.concatenate(shown))
        places = [np.searchsorted(self.union, frames) for frames in shown]
        step = (width - SIDE) // 2
        self.views = [(torch.from_numpy(at), left) for at in places for left in (0, step, 2 * step)]

    def cut(self, clip: torch.Tensor) -> list[torch.Tensor]:
        """Of a clip C×T×H×W."""
        return [clip[:, at, :, left : left + SIDE] for at, left in self.views]


def averaged(logits: list[torch.Tensor], average: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The scores and the probabilities of the classes."""
    answers = torch.cat(logits)
    if average == "logits":
        scores = answers.mean(0)
        return scores, scores.softmax(0)
    probabilities = answers.softmax(1).mean(0)
    return probabilities.log(), probabilities


def grad_cam(model: torch.jit.ScriptModule, clip: torch.Tensor, views: Views, average: str, target: int) -> np.ndarray:
    """Each view's map is laid where the view is; a voxel that several views see gets their mean."""
    features = [model.features(view[None]).detach().requires_grad_(True) for view in views.cut(clip)]
    logits = [20 * model.classifier(maps.mean(dim=(2, 3, 4))) for maps in features]
    scores, _ = averaged(logits, average)
    slopes = torch.autograd.grad(scores[target], features)
    total, seen = np.zeros(clip.shape[1:]), np.zeros(clip.shape[1:])
    for (at, left), maps, slope in zip(views.views, features, slopes):
        weights = slope[0].mean((1, 2, 3))
        cam = torch.einsum("c,cthw->thw", weights, maps[0].detach()).relu()
        large = F.interpolate(cam[None, None], size=(FRAMES, SIDE, SIDE), mode="trilinear")[0, 0].numpy()
        for i, t in enumerate(at):
            total[t, :, left : left + SIDE] += large[i]
            seen[t, :, left : left + SIDE] += 1
    return total / seen


def main(model_path: str, video_path: str, clips: int, stride: int, average: str, target: int, folder: Path) -> None:
    model = torch.jit.load(model_path).eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    video = torch.from_numpy(np.load(video_path))
    views = Views(len(video), video.shape[2], clips, stride)
    clip = ((video[views.union].float() / 255 - MEAN) / STD).permute(3, 0, 1, 2).contiguous()

    def answer(of: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return averaged([model(view[None]) for view in views.cut(of)], average)

    variable = clip.clone().requires_grad_(True)
    scores, probabilities = answer(variable)
    (gradient,) = torch.autograd.grad(scores[target], variable)

    eager_ep.forward = lambda run, frames: answer(frames.transpose(0, 1))[1]
    run = eager_ep.Run(model, "NCTHW", "f-ep", target, 0.1, 13, 23, ITERATIONS, 0.5, 0.2)
    found = {
        "probabilities": probabilities.detach(),
        "gradient": gradient,
        "cam": grad_cam(model, clip, views, average, target),
        "mask": eager_ep.explain(clip, run)["mask"],
    }
    for name, values in found.items():
        np.save(folder / f"{name}.npy", np.asarray(values, dtype=np.float32))


if __name__ == "__main__":
    model, video, clips, stride, average, target, folder = sys.argv[1:]
    main(model, video, int(clips), int(stride), average, int(target), Path(folder))
