"""Compiles the CUDA operators for the CPU (cuda_on_host.cc) and loads them as `torch.ops.fep_on_host`; and once more, watched
by race_watch.cc, as `torch.ops.fep_watched`.

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

HERE = Path(__file__).parent
NATIVE = ROOT / "native"
FOLDER = RELEASE.parent / "on-host"
PLAIN = FOLDER / "libfep_cuda_on_host.so"
WATCHED = FOLDER / "libfep_cuda_watched.so"


def load_on_host() -> Any:
    """`torch.ops.fep_on_host`, compiled anew where a source has changed."""
    if is_old(PLAIN):
        compile_on_host()
    torch.ops.load_library(str(PLAIN))
    return torch.ops.fep_on_host


def load_watched() -> Any:
    """`torch.ops.fep_watched`, likewise."""
    if is_old(WATCHED):
        compile_watched()
    torch.ops.load_library(str(WATCHED))
    return torch.ops.fep_watched


def is_old(library: Path) -> bool:
    folders = [NATIVE / "ops", NATIVE / "network"]
    own = [HERE / name for name in ("cuda_on_host.cc", "races.h", "race_watch.cc")]
    sources = [*own, *(path for folder in folders for path in folder.rglob("*") if path.is_file())]
    newest = max(path.stat().st_mtime for path in [*sources, RELEASE / "libfep_ops.so"])
    return not library.exists() or library.stat().st_mtime < newest


def compile_on_host() -> None:
    link([compiled("cuda_on_host.cc", *FLAGS)], PLAIN, *FLAGS)


def compile_watched() -> None:
    """The compiler announces what is read and written, to race_watch.cc and not to ThreadSanitizer."""
    defines = ["-DFEP_WATCHED", "-DFEP_OPERATORS=fep_watched"]
    flags = ["-fsanitize=thread", "--param=tsan-instrument-func-entry-exit=0"]
    link([compiled("cuda_on_host.cc", *defines, *flags), compiled("race_watch.cc", *defines)], WATCHED, "-Wl,-z,defs")


def compiled(source: str, *flags: str) -> Path:
    object_file = FOLDER / f"{'watched-' if '-DFEP_WATCHED' in flags else ''}{source}.o"
    torch_root = Path(torch.__file__).parent
    includes = [torch_root / "include", torch_root / "include" / "torch" / "csrc" / "api" / "include"]
    command = ["-std=c++20", "-O1", "-fPIC", "-Wall", "-Wextra", "-Werror", *flags, "-DFEP_ON_HOST", f"-I{NATIVE}"]
    command += [word for folder in includes for word in ("-isystem", str(folder))]
    run([*command, "-c", str(HERE / source), "-o", str(object_file)])
    return object_file


def link(objects: list[Path], library: Path, *flags: str) -> None:
    lib = Path(torch.__file__).parent / "lib"
    found = [f"-L{RELEASE}", "-lfep_ops", f"-Wl,-rpath,{RELEASE}", f"-L{lib}", "-ltorch_cpu", "-lc10"]
    run([*flags, "-shared", *map(str, objects), "-o", str(library), *found])


def run(arguments: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    # A sanitizer's runtime is for the tests, not for the compiler.
    env = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    subprocess.run([os.environ.get("CXX", "g++"), *arguments], check=True, env=env)


if __name__ == "__main__":
    compile_on_host()
    compile_watched()
