"""`python -m futureindustry`, and the entry point of the script `futureindustry`."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; without its extra, say in one line how to get it."""
    try:
        from importlib.util import find_spec

        if find_spec("click") is None or find_spec("rich") is None:
            from .errors import MissingExtra

            sys.stderr.write(f"{MissingExtra('the command line', 'cli')}\n")
            sys.exit(2)
        from .cli import program

        program.main(prog_name="futureindustry")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
