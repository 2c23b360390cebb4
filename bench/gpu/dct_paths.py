"""Compares a 3-D DCT by Fourier transforms with one by matrix products, on a GPU, for grids of many sizes.

    python bench/gpu/dct_paths.py build/Release

Where the first becomes the faster one is what kLongestMatrix in native/ops/frequency/frequency.cu should be. The operator
uses matrices up to that constant, so grids below it show no difference.
"""

import sys
from pathlib import Path

import torch


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
            # The time does not depend on the values, so random matrices serve as well as those of a DCT.
            t, s = (torch.randn(size, size, device="cuda") for size in (frames, side))
            by_matrices = lambda: torch.matmul(t, torch.matmul(s, x @ s.T).reshape(1, frames, -1))
            operator = milliseconds(lambda: torch.ops.fep.dct3(x))
            print(f"| {frames}×{side}×{side} | {operator:.4f} | {milliseconds(by_matrices):.4f} |")


if __name__ == "__main__":
    main()
