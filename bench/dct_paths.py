"""A 3-D DCT by Fourier transforms against the same by matrices, on a GPU, for grids of many sizes.

    python bench/dct_paths.py build/Release

Where the first becomes the faster one is what kLongestMatrix in native/ops/frequency/frequency.cu should be. The operator
takes the matrices up to that constant, so grids below it show no difference.
"""

import math
import sys
from pathlib import Path

import torch


def dct_matrix(n: int) -> torch.Tensor:
    index = torch.arange(n, dtype=torch.float64)
    basis = torch.cos(torch.outer(index, 2 * index + 1) * math.pi / (2 * n)) * math.sqrt(2 / n)
    basis[0] /= math.sqrt(2)
    return basis.float().cuda()


def milliseconds(work, times: int = 200) -> float:
    for _ in range(10):
        work()
    begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    begin.record()
    for _ in range(times):
        work()
    end.record()
    torch.cuda.synchronize()
    return begin.elapsed_time(end) / times


def main() -> None:
    for name in ("libfep_ops.so", "libfep_ops_cuda.so"):
        torch.ops.load_library(str(Path(sys.argv[1]) / name))
    print(f"{torch.cuda.get_device_name()}\n\n| grid | operator, ms | matrices, ms |\n| --- | --: | --: |")
    for frames in (8, 16, 64):
        for side in (9, 16, 32, 33, 48, 64, 112, 224):
            x = torch.randn(1, frames, side, side, device="cuda")
            t, s = dct_matrix(frames), dct_matrix(side)
            by_matrices = lambda: torch.matmul(t, torch.matmul(s, x @ s.T).reshape(1, frames, -1))
            operator = milliseconds(lambda: torch.ops.fep.dct3(x))
            print(f"| {frames}×{side}×{side} | {operator:.4f} | {milliseconds(by_matrices):.4f} |")


if __name__ == "__main__":
    main()
