"""Write docs/agreement.md, and run its long simulations."""

import argparse
import json
import sys

from benchmarks.published.page import PAGE, SIMULATED, page
from benchmarks.published.simulations import SIMULATIONS


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.published", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/agreement.md instead of printing it")
    parser.add_argument(
        "--simulate",
        nargs="*",
        choices=list(SIMULATIONS),
        metavar="NAME",
        help="run the long simulations again, or some of them, and store their results",
    )
    given = parser.parse_args()
    if given.simulate is not None:
        results = json.loads(SIMULATED.read_text("utf-8"))
        for name in given.simulate or SIMULATIONS:
            print(name, file=sys.stderr, flush=True)
            results[name] = SIMULATIONS[name]()
        lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(results[name])}" for name in SIMULATIONS)
        SIMULATED.write_text(f"{{\n{lines}\n}}\n", "utf-8")
    text = page()
    if given.write:
        PAGE.write_text(text, "utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
