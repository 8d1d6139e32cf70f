"""What it costs to keep a run, and how long it takes to see an earlier step of it.

    python -m benchmarks.looking_back [--steps 1000 10000 100000] [--seeks 200] [--rounds 40]

The run is the default. Its speed with and without history is compared in rounds of 500 steps each. A seek is timed from
the wish to the encoded frame, at random steps and at the step before each of the largest gaps between key-frames, in
processor time, which a busy machine disturbs less; the median time of a step beside it says how fast the machine is.
"""

import argparse
import random
import statistics
import time
from itertools import pairwise

from gan1d.config.model import Config
from gan1d.engine import blas
from gan1d.recording.key_frames import BUDGET
from gan1d.session.kept_runs import KeptRuns
from gan1d.session.look_back import LookBack, PastFrame, StepFinder, Wish
from gan1d.session.run import Run
from tests.session.fakes import FakeViewer

STRETCH = 500
"""Steps in a round."""
WORST = 20
"""Largest gaps whose last step is looked at."""


def new_run(budget: int) -> Run:
    config = Config()
    return Run(config, KeptRuns(config, None, budget).present)


def seconds(run: Run, count: int) -> float:
    begun = time.process_time()
    run.advance(count)
    return time.process_time() - begun


def speed_with_history(run: Run, rounds: int) -> float:
    """Speed of a recorded run over that of one that is not, in the median of the rounds."""
    plain, ratios = new_run(0), list[float]()
    seconds(plain, STRETCH)
    for number in range(rounds):
        order = [plain, run] if number % 2 else [run, plain]
        taken = {each: seconds(each, STRETCH) for each in order}
        ratios.append(taken[plain] / taken[run])
    return statistics.median(ratios)


def seek_seconds(look_back: LookBack[PastFrame], run: Run, step: int) -> float:
    """Processor time until the frame of a step is there, from a key-frame on."""
    look_back.forget(run.record)
    look_back.want(FakeViewer(), Wish(run.record, step, 1))
    begun = time.process_time()
    while len(look_back):
        list(look_back.advance(0.004))
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the cost of looking back.")
    parser.add_argument("--steps", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--seeks", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    blas.use_one_thread()
    run, look_back, rng = new_run(BUDGET), LookBack(time.process_time, StepFinder.frame), random.Random(1)
    seek_seconds(look_back, run, 0)
    print("steps | gap | seek: median, 99 %, worst step in ms | a step in ms | state in bytes")
    for steps in given.steps:
        times = [seconds(run, STRETCH) / STRETCH for _ in range((steps - run.step) // STRETCH)]
        assert run.record.recording is not None
        frames = run.record.recording.key_frames
        gaps = sorted(((after - before, after - 1) for before, after in pairwise(frames.steps)), reverse=True)
        seeks = sorted(seek_seconds(look_back, run, rng.randrange(run.step)) for _ in range(given.seeks))
        # The best of three: what is in question is the step, and not what else the machine did.
        worst = max(min(seek_seconds(look_back, run, step) for _ in range(3)) for _, step in gaps[:WORST])
        found = [1000 * value for value in (statistics.median(seeks), seeks[-1 - len(seeks) // 100], worst)]
        print(
            f"{steps} | {frames.largest_gap} | {', '.join(f'{value:.1f}' for value in found)} | "
            f"{1000 * statistics.median(times):.3f} | {frames.bytes // len(frames)}",
            flush=True,
        )
    print(f"Speed with history, over that without: {speed_with_history(run, given.rounds):.3f}.")


if __name__ == "__main__":
    main()
