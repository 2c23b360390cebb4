"""A convolutional network on every frame and an LSTM over the frames.

It ends in softmax and takes BGR pixels, as networks ported from Caffe do (Donahue et al., "Long-term
Recurrent Convolutional Networks for Visual Recognition and Description", 2015). There is no published
checkpoint of this network. With random weights it shows that this family of networks can be explained too.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

WIDTHS = (32, 64, 128, 128)


class CNNLSTM(nn.Module):
    """Clips N×T×3×H×W to probabilities N×classes; every frame's feature map is H/16×W/16."""

    layout = "NTCHW"
    cam_layer = "cnn"

    def __init__(self, classes: int, hidden: int = 128) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in zip((3, *WIDTHS[:-1]), WIDTHS):
            layers += [nn.Conv2d(inputs, outputs, 3, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
        self.cnn = nn.Sequential(*layers)
        self.lstm = nn.LSTM(WIDTHS[-1], hidden, batch_first=True)
        self.fc = nn.Linear(hidden, classes)

    def forward(self, x: Tensor) -> Tensor:
        clips, frames, channels, height, width = x.shape
        maps = self.cnn(x.reshape(clips * frames, channels, height, width))
        history, _ = self.lstm(maps.mean(dim=[2, 3]).reshape(clips, frames, -1))
        return torch.softmax(self.fc(history[:, -1]), dim=1)
