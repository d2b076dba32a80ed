"""`python -m tests.fuzz --minutes 10`: fuzz everything that reads what others wrote; what is found is kept."""

from __future__ import annotations

import argparse
import secrets
import sys

from tests.fuzz.runner import FOUND, run_all, told
from tests.fuzz.targets import TARGETS


def main() -> int:
    """Run, print the table, and exit with 1 if anything was found."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    options.add_argument("--minutes", type=float, default=10.0, help="how long (default: 10)")
    options.add_argument("--seed", type=int, default=None, help="the same inputs again (default: others each time)")
    options.add_argument("--only", nargs="*", choices=list(TARGETS), default=list(TARGETS), help="some targets")
    given = options.parse_args()
    seed = given.seed if given.seed is not None else secrets.randbelow(1 << 32)
    print(f"seed {seed}", flush=True)
    outcomes = run_all(60 * given.minutes, seed, given.only)
    print(told(outcomes))
    failed = any(one.failures for one in outcomes.values())
    if failed:
        print(f"the inputs are in {FOUND}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
