import json
import os
import signal
import sys
from typing import TextIO


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no half-written file is left
    answer = own_output()
    try:
        from .command import main as command
    except ModuleNotFoundError as error:
        return refuse(error, answer)
    return command(answer=answer)


def own_output() -> TextIO:
    """Standard output for the answer alone: what libraries and networks print goes to standard error."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answer


def refuse(error: ModuleNotFoundError, answer: TextIO) -> int:
    """Everything here needs torch."""
    message = f"{sys.executable} has no {error.name}, which importing a model needs."
    hint = f"{sys.executable} -m pip install {error.name}, or name another Python with --python."
    if "--json" in sys.argv:
        print(json.dumps({"error": {"message": message, "hint": hint}}), file=answer, flush=True)
    else:
        print(f"error: {message}\n  → {hint}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
