"""Small networks as users have them: the ways to take a clip, and the ways to answer."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass

import torch
from torch import Tensor, nn

CLASSES = 5
Heads = namedtuple("Heads", "verb noun")


class Volume(nn.Module):
    """N×C×T×H×W."""

    def __init__(self, classes: int = CLASSES):
        super().__init__()
        self.features = nn.Conv3d(3, 4, 3)
        self.fc = nn.Linear(4, classes)

    def scores(self, clip):
        return self.fc(self.features(clip).relu().mean((2, 3, 4)))

    def forward(self, clip):
        return self.scores(clip)


class Frames(nn.Module):
    """N×T×C×H×W: a network of pictures for each frame, and their mean."""

    def __init__(self, classes: int = CLASSES, channels: int = 3):
        super().__init__()
        self.picture = nn.Sequential(nn.Conv2d(channels, 6, 3), nn.BatchNorm2d(6), nn.ReLU(inplace=True))
        self.fc = nn.Linear(6, classes)

    def each(self, frames):
        return self.fc(self.picture(frames).mean((2, 3)))

    def along_time(self, clip):
        count, frames = clip.shape[:2]
        return self.each(clip.flatten(0, 1)).view(count, frames, -1)

    def forward(self, clip):
        return self.along_time(clip).mean(1)


class ChannelsLast(Volume):
    def forward(self, clip):
        return self.scores(clip.permute(0, 4, 1, 2, 3))


class BatchOfFrames(Frames):
    def forward(self, frames):
        return self.each(frames).mean(0, keepdim=True)


class Stacked(Frames):
    def __init__(self):
        super().__init__(channels=24)

    def forward(self, stack):
        return self.each(stack)


class AnyOrder(Frames):
    """As published temporal segment networks: it takes both orders, and means one."""

    def forward(self, clip):
        return self.each(clip.reshape(-1, 3, *clip.shape[-2:])).view(len(clip), -1, CLASSES).mean(1)


class Sorted(Frames):
    """It tells the axes apart itself."""

    def forward(self, clip):
        return super().forward(clip if clip.shape[2] == 3 else clip.transpose(1, 2))


class TwoPathways(nn.Module):
    def __init__(self):
        super().__init__()
        self.slow = nn.Conv3d(3, 4, 1)
        self.fast = nn.Conv3d(3, 4, 1)
        self.fc = nn.Linear(8, CLASSES)

    def fused(self, slow, fast):
        return self.fc(
            torch.cat((self.slow(slow).mean((2, 3, 4)), self.fast(fast).square().mean((2, 3, 4))), 1)
        )

    def forward(self, pathways):
        return self.fused(pathways[0], pathways[1])


class Lateral(TwoPathways):
    """Whose pathways fit at every eighth frame alone."""

    def __init__(self):
        super().__init__()
        self.lateral = nn.Conv3d(4, 4, (5, 1, 1), stride=(8, 1, 1), padding=(2, 0, 0))

    def forward(self, pathways):
        slow, fast = pathways
        fast = self.fast(fast)
        return self.fc(torch.cat((self.slow(slow), self.lateral(fast)), 1).mean((2, 3, 4)))


class SlowAndFast(TwoPathways):
    def forward(self, slow, fast):
        return self.fused(slow, fast)


class TwoClips(TwoPathways):
    def forward(self, left, right):
        return self.fused(left, right)


class ByKeyword(TwoPathways):
    def forward(self, *, video):
        return self.fused(video, video)


class ByUsualName(TwoPathways):
    def forward(self, input_ids=None, pixel_values=None):
        if input_ids is not None:
            raise ValueError("no text")
        return self.fused(pixel_values, pixel_values)


class OfMapping(TwoPathways):
    def forward(self, batch):
        return self.fused(batch["clip"], batch["clip"])


class OfKeywords(TwoPathways):
    def forward(self, **batch):
        return self.fused(batch["slow"], batch["fast"])


class WithFlow(TwoPathways):
    def forward(self, rgb, flow):
        return self.fused(rgb, flow)


class Pair(Volume):
    def forward(self, clip):
        scores = self.scores(clip)
        return scores, self.features(clip)


class TwoOfOneShape(Volume):
    def forward(self, clip):
        scores = self.scores(clip)
        return [scores, -scores]


class Named(Volume):
    def forward(self, clip):
        scores = self.scores(clip)
        return Heads(scores, torch.cat((scores, scores), 1))


@dataclass
class Output:
    features: Tensor
    logits: Tensor


class Record(Volume):
    def forward(self, clip):
        scores = self.scores(clip)
        return Output(-scores, scores)


class Nested(Volume):
    def forward(self, clip):
        scores = self.scores(clip)
        return {"loss": None, "out": {"verb": {"scores": scores}, "noun": [-scores]}}


class WithFeatures(Volume):
    def forward(self, clip):
        scores = self.scores(clip)
        return {"features": -scores, "predictions": scores}


class BranchingPair(Volume):
    def forward(self, clip):
        scores = self.scores(clip)
        if float(clip.mean()) > -0.5:
            return scores, clip
        return -scores, clip


class AlongTime(Frames):
    def forward(self, clip):
        return self.along_time(clip)


class TimeLast(Frames):
    def forward(self, clip):
        return self.along_time(clip).transpose(1, 2)


class Rows(Frames):
    def forward(self, clip):
        return self.each(clip.flatten(0, 1))


class Places(Volume):
    def forward(self, clip):
        return self.features(clip)


class Squeezed(Frames):
    def forward(self, clip):
        return super().forward(clip).squeeze()


class WithOnes(Volume):
    def forward(self, clip):
        return nn.functional.adaptive_avg_pool3d(self.features(clip), 1)


class Softmax(Frames):
    def forward(self, clip):
        return super().forward(clip).softmax(-1)


class MeanOfSoftmax(Frames):
    def forward(self, clip):
        return nn.functional.softmax(self.along_time(clip), 2).mean(1)


class Sigmoid(Frames):
    def forward(self, clip):
        return {"scores": torch.sigmoid(self.along_time(clip)).mean(1)}


class LogSoftmax(Frames):
    def forward(self, clip):
        return nn.functional.log_softmax(super().forward(clip), 1)


class SmallLogits(Frames):
    """Between 0 and 1, and no probabilities."""

    def forward(self, clip):
        return 0.5 + 0.01 * super().forward(clip)


class OneScore(Frames):
    def __init__(self):
        super().__init__(classes=1)


class OneProbability(OneScore):
    def forward(self, clip):
        return torch.sigmoid(super().forward(clip)).squeeze(1)


class AlwaysDropping(Frames):
    """Whose dropout its own train() keeps on."""

    def __init__(self):
        super().__init__()
        self.dropout = nn.Dropout(0.5)

    def train(self, mode=True):
        super().train(mode)
        if "dropout" in self._modules:
            self.dropout.train(True)
        return self

    def forward(self, clip):
        return self.dropout(super().forward(clip))


class Transformer(nn.Module):
    def __init__(self, frames: int = 8, size: int = 16):
        super().__init__()
        self.patches = nn.Conv3d(3, 8, (2, 8, 8), (2, 8, 8))
        self.pos_embed = nn.Parameter(torch.randn(1, frames // 2 * (size // 8) ** 2, 8))
        self.fc = nn.Linear(8, CLASSES)

    def forward(self, clip):
        return self.fc((self.patches(clip).flatten(2).transpose(1, 2) + self.pos_embed).relu().mean(1))


class NeedsNumber(Volume):
    def __init__(self, classes):
        super().__init__(classes)


def with_transforms():
    return Frames(), lambda clip: clip


def parallel():
    return nn.DataParallel(Frames())


def failing():
    raise FileNotFoundError("best.pth")


ready = Frames()
