"""One contender written in Python, as a process: `python -m benchmarks.contenders NAME HIDDEN BATCH ACTIVATION`."""

import os
import sys
import time
from importlib import import_module

# Before numpy, torch or jax is imported: one core for each of them.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[_name] = "1"

from benchmarks.game import Contender, Experiment, Script


def answer(contender: Contender, experiment: Experiment, line: str) -> str:
    """What is said to one line."""
    command, *words = line.split()
    if command == "replay":
        return contender.replay(Script.parsed(words, experiment)).line()
    start = time.process_time()
    losses = contender.run(int(words[0]))
    return f"{time.process_time() - start:.9g} {losses[0]:.9g} {losses[1]:.9g}"


def main() -> None:
    """Set up, then answer until the other side hangs up."""
    name, *words = sys.argv[1:]
    experiment = Experiment.parsed(words)
    module, _, variant = name.partition(":")
    try:
        contender = getattr(import_module(f"benchmarks.contenders.{module}"), variant)(experiment)
    except ModuleNotFoundError as error:
        print(f"missing {error.name}", flush=True)
        return
    print("ready", flush=True)
    for line in sys.stdin:
        print(answer(contender, experiment, line), flush=True)


if __name__ == "__main__":
    main()
