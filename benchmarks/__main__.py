"""Run the benchmarks: `python -m benchmarks` for all but the long one, `python -m benchmarks methods` for one of them."""

import sys
from importlib import import_module

ALL = ("phases", "handover", "growth", "settings", "what_if", "sweep", "games", "front_end", "load", "methods")


def main(names: list[str]) -> int:
    """Run the named benchmarks one after the other; without names, all but `methods`, which takes an hour."""
    if unknown := set(names) - set(ALL):
        print(f"No benchmark called {sorted(unknown)[0]}; there are {', '.join(ALL)}.", file=sys.stderr)
        return 2
    for name in names or ALL[:-1]:
        import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
