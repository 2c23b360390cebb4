import json
import signal
import sys


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no half-written file is left
    try:
        from .command import main as command
    except ModuleNotFoundError as error:
        return refuse(error)
    return command()


def refuse(error: ModuleNotFoundError) -> int:
    """Everything here needs torch."""
    message = f"{sys.executable} has no {error.name}, which importing a model needs."
    hint = f"{sys.executable} -m pip install {error.name}, or name another Python with --python."
    if "--json" in sys.argv:
        print(json.dumps({"error": {"message": message, "hint": hint}}))
    else:
        print(f"error: {message}\n  → {hint}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
