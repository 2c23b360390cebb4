"""Compiles the CUDA operators for the CPU (cuda_on_host.cc) and loads them as `torch.ops.fep_on_host`.

    .venv/bin/python test/native/on_host.py

compiles them and no more: set-up does so, so that no test has to wait for a compiler.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import torch
from native_build import FLAGS, RELEASE, ROOT

SOURCE = Path(__file__).with_name("cuda_on_host.cc")
NATIVE = ROOT / "native"
LIBRARY = RELEASE.parent / "on-host" / "libfep_cuda_on_host.so"


def load_on_host() -> Any:
    """`torch.ops.fep_on_host`, compiled anew where a source has changed."""
    folders = [NATIVE / "ops", NATIVE / "network"]
    sources = [SOURCE, *(path for folder in folders for path in folder.rglob("*") if path.is_file())]
    newest = max(path.stat().st_mtime for path in [*sources, RELEASE / "libfep_ops.so"])
    if not LIBRARY.exists() or LIBRARY.stat().st_mtime < newest:
        compile_on_host()
    torch.ops.load_library(str(LIBRARY))
    return torch.ops.fep_on_host


def compile_on_host() -> None:
    LIBRARY.parent.mkdir(parents=True, exist_ok=True)
    torch_root = Path(torch.__file__).parent
    includes = [torch_root / "include", torch_root / "include" / "torch" / "csrc" / "api" / "include"]
    command = [os.environ.get("CXX", "g++"), "-std=c++20", "-O1", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror"]
    command += [*FLAGS, "-DFEP_ON_HOST", f"-I{NATIVE}", str(SOURCE), "-o", str(LIBRARY)]
    command += [word for folder in includes for word in ("-isystem", str(folder))]
    command += [f"-L{RELEASE}", "-lfep_ops", f"-Wl,-rpath,{RELEASE}", f"-L{torch_root / 'lib'}", "-ltorch_cpu", "-lc10"]
    # A sanitizer's runtime is for the tests, not for the compiler.
    env = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    subprocess.run(command, check=True, env=env)


if __name__ == "__main__":
    compile_on_host()
