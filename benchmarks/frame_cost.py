"""Cost of a frame, here and in another checkout: paired timings in turn, the best of many, as a ratio.

    python -m benchmarks.frame_cost OTHER_CHECKOUT [--preset NAME] [--rounds N]

Both observe the same run at several steps. Single timings mean nothing on a busy machine; the best of many short ones,
taken in turn, can be compared.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

STEPS = (100, 300, 600, 1000, 1500)

WORKER = """
import sys, time
import gan1d
trainer = gan1d.Trainer(gan1d.presets[sys.argv[1]].config)
probe = gan1d.Probe(trainer.config)
for line in sys.stdin:
    step = int(line)
    trainer.run(step - trainer.step_count)
    for _ in range(3):
        gan1d.observe(trainer, probe)
    best = 1.0
    for _ in range(100):
        start = time.perf_counter()
        gan1d.observe(trainer, probe)
        best = min(best, time.perf_counter() - start)
    print(best, flush=True)
"""


def start(checkout: Path, preset: str) -> "subprocess.Popen[str]":
    """A process that answers each step on its input with the cost of a frame there, in seconds."""
    environment = os.environ | {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", WORKER, preset]
    return subprocess.Popen(
        command, cwd=checkout, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def ask(worker: "subprocess.Popen[str]", step: int) -> float:
    """The best of some timings at a step."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(f"{step}\n")
    worker.stdin.flush()
    return float(worker.stdout.readline())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path, help="another checkout of gan1d")
    parser.add_argument("--preset", default="default")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    workers = [start(each, options.preset) for each in (Path(__file__).parents[1], options.other.resolve())]
    print("| step | here µs | there µs | ratio |\n|---|---|---|---|")
    total = [0.0, 0.0]
    for step in STEPS:
        best = [1.0, 1.0]
        for _ in range(options.rounds):
            best = [min(known, ask(worker, step)) for known, worker in zip(best, workers, strict=True)]
        total = [a + b for a, b in zip(total, best, strict=True)]
        print(f"| {step} | {1e6 * best[0]:.0f} | {1e6 * best[1]:.0f} | {best[0] / best[1]:.2f} |", flush=True)
    print(f"| all | | | {total[0] / total[1]:.2f} |")
    for worker in workers:
        worker.terminate()


if __name__ == "__main__":
    main()
