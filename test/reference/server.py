"""Runs Python programs for the tests of one file, one after the other: lines of JSON in, lines of JSON out.

A request is {"path" or "code", "args", "cwd"}, its answer {"status", "stdout", "stderr"}. Each program runs as if python had
been started with it, but in a fork of this process, where what takes seconds to import is imported already.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import IO

SLOW_TO_IMPORT = ("numpy", "scipy", "torch")


def slow_imports(source: str) -> Iterator[str]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names = [node.module]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] in SLOW_TO_IMPORT)


def run_as_main(request: dict, source: str) -> None:
    path = request.get("path", "-c")
    os.chdir(request.get("cwd", "."))
    sys.argv = [path, *request["args"]]
    sys.path[0] = str(Path(path).parent)
    main = sys.modules["__main__"] = ModuleType("__main__")
    if "path" in request:
        main.__file__ = path  # where TorchScript looks for the source of classes
    exec(compile(source, path, "exec", dont_inherit=True), main.__dict__)


def status_of(request: dict, source: str) -> int:
    try:
        run_as_main(request, source)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def run_in_fork(request: dict, source: str, out: IO[str], err: IO[str]) -> int:
    child = os.fork()
    if child != 0:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    status = status_of(request, source)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def answer(request: dict) -> dict:
    source = request.get("code") or Path(request["path"]).read_text(encoding="utf-8")
    for name in slow_imports(source):
        importlib.import_module(name)
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        status = run_in_fork(request, source, out, err)
        out.seek(0)
        err.seek(0)
        return {"status": status, "stdout": out.read(), "stderr": err.read()}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
