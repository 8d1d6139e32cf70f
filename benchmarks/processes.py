"""The contenders as processes that take turns: which there are, what each needs, and how it is talked to."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from benchmarks.game import Answer, Experiment, Script

ROOT = Path(__file__).parents[1]
SOURCES = Path(__file__).parent / "contenders"


class Missing(Exception):
    """What a contender needs is not there; says how to get it."""


@dataclass(frozen=True)
class Places:
    """Where to look for what contenders need.

    Attributes:
        scratch: A directory for compiled programs.
        pythons: Interpreters to try in turn.
        node_modules: Where TensorFlow.js is installed.
    """

    scratch: Path
    pythons: Sequence[str] = (sys.executable,)
    node_modules: Path | None = None


class Process:
    """One contender, waiting on a pipe for requests.

    Raises:
        Missing: It says that it lacks a module.
        RuntimeError: It ends, or says something else than `ready`.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        word, _, rest = self._read().partition(" ")
        if word == "missing":
            self.close()
            raise Missing(rest)
        if word != "ready":
            self.close()
            raise RuntimeError(f"Expected `ready` of {command}, but got {word!r}.")

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended with status {self._process.wait()}.")
        return line.rstrip("\n")

    def ask(self, line: str) -> list[float]:
        """Send one line; the numbers of the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return [float(word) for word in self._read().split()]

    def turn(self, count: int) -> float:
        """Processor seconds that `count` steps take, as the contender itself measures them."""
        return self.ask(f"run {count}")[0]

    def replay(self, script: Script) -> Answer:
        """Where a script leads it."""
        return Answer.parsed(self.ask(script.line()), script)

    def close(self) -> None:
        """Hang up and wait."""
        self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True)
class InPython:
    """A class in `benchmarks/contenders`, such as `pytorch:Usual`.

    Attributes:
        needs: How to get its library.
        compiles: Whether it needs a C++ compiler to run.
    """

    target: str
    needs: str = ""
    compiles: bool = False

    def start(self, experiment: Experiment, places: Places) -> Process:
        """In the first interpreter that has the packages it needs; raises Missing if none does."""
        if self.compiles and not (shutil.which("g++") or shutil.which("clang++")):
            raise Missing("a C++ compiler (g++ or clang++)")
        for python in places.pythons:
            try:
                return Process([python, "-m", "benchmarks.contenders", self.target, *experiment.words()])
            except Missing:
                continue
        raise Missing(self.needs)


@dataclass(frozen=True)
class InC:
    """A C program, compiled for this very machine."""

    source: str
    flags: tuple[str, ...] = field(default=("-std=gnu11", "-O3", "-march=native", "-ffast-math"))

    def start(self, experiment: Experiment, places: Places) -> Process:
        """Compiles it first; raises Missing without a compiler."""
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if compiler is None:
            raise Missing("a C compiler (cc, gcc or clang)")
        program = places.scratch / Path(self.source).stem
        if not program.exists():
            subprocess.run([compiler, *self.flags, str(SOURCES / self.source), "-o", str(program), "-lm"], check=True)
        return Process([str(program), *experiment.words()])


@dataclass(frozen=True)
class InNode:
    """A program for node with packages that are not part of the project."""

    source: str
    packages: tuple[str, ...]

    def start(self, experiment: Experiment, places: Places) -> Process:
        """Raises Missing without node, or if a package is not in `places.node_modules`."""
        node, modules = shutil.which("node"), places.node_modules
        if node is None:
            raise Missing("node")
        if modules is None or not all((modules / package).exists() for package in self.packages):
            raise Missing(f"`npm install {' '.join(self.packages)}` somewhere, and --node-modules with the place")
        return Process([node, str(SOURCES / self.source), str(modules.resolve()), *experiment.words()])


Kind = InPython | InC | InNode

OURS = InPython("ours:Ours")

OTHERS: dict[str, Kind] = {
    "textbook NumPy, float64": InPython("textbook:Textbook"),
    "PyTorch, as usually written": InPython("pytorch:Usual", "`pip install torch`"),
    "PyTorch, tuned": InPython("pytorch:Tuned", "`pip install torch`"),
    "torch.compile": InPython("pytorch_compiled:Compiled", "`pip install torch`", compiles=True),
    "JAX, jit and lax.scan": InPython("jax_scan:Scan", "`pip install jax`, there or elsewhere with --python"),
    "TensorFlow.js, wasm in node": InNode("tfjs.js", ("@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm")),
    "C, as fast as it gets": InC("limit.c"),
}


def pin(core: int | None) -> int | None:
    """Keep this process and all that it starts to one core, the last one if none is named; None where the system
    cannot."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0)) if core is None else core
    os.sched_setaffinity(0, {core})
    return core
