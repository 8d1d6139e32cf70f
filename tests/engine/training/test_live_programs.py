"""Live programs: a change of settings writes anew only the calls that depend on them."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gan1d.engine.programs import Program, run
from gan1d.engine.training.live_programs import LivePart, LiveProgram
from gan1d.engine.training.trainer import Trainer
from tests.engine.training.games import small


def test_a_part_is_written_when_its_settings_differ() -> None:
    out, written = np.zeros(2), []

    def write(factor: float) -> Program:
        written.append(factor)
        return [(np.multiply, (out, factor, out))]

    config: Any = SimpleNamespace(factor=3.0, other=1.0)
    program = LiveProgram(config, [[(out.fill, (1.0,))], LivePart(lambda config: config.factor, write), []])
    run(program)
    assert out.tolist() == [3.0, 3.0]
    config.other = 2.0
    program.configure(config)
    assert written == [3.0]
    config.factor = 5.0
    program.configure(config)
    run(program)
    assert (written, out.tolist()) == ([3.0, 5.0], [5.0, 5.0])


def test_every_part_follows_and_the_order_stays() -> None:
    def write(value: int) -> Program:
        return [(print, (value,))]

    config: Any = SimpleNamespace(a=1, b=2)
    parts = [LivePart(lambda config: config.a, write), [(print, (0,))], LivePart(lambda config: config.b, write)]
    program = LiveProgram(config, parts)
    assert [arguments for _, arguments in program] == [(1,), (0,), (2,)]
    program.configure(SimpleNamespace(a=3, b=4))  # type: ignore[arg-type]
    assert [arguments for _, arguments in program] == [(3,), (0,), (4,)]


@pytest.mark.parametrize(
    ("path", "value", "rewritten"),
    [
        ("generator.optimizer.learning_rate", 0.01, set()),
        ("discriminator.optimizer.beta2", 0.5, set()),
        ("discriminator.optimizer.eps", 1e-4, set()),
        ("instance_noise.half_life", 20.0, set()),
        ("discriminator_steps", 3, set()),
        ("generator.ema_decay", 0.5, {"g.update_program"}),
        ("generator.historical_averaging", 0.5, {"g.update_program"}),
        ("generator.feature_matching", 0.5, {"g.gradient_program"}),
        ("discriminator.weight_decay", 0.5, {"d.update_program"}),
        ("discriminator.constraint", "weight_clipping", {"d.update_program"}),
        ("penalty.gamma", 1.0, {"d.gradient_program"}),
        ("loss.real_label", 0.9, {"d.gradient_program", "g.gradient_program"}),
    ],
)
def test_a_live_setting_rewrites_only_the_programs_that_read_it(path: str, value: Any, rewritten: set[str]) -> None:
    """Buffers and all other calls are kept; numbers of an optimizer are written to the arrays of its calls."""
    trainer = Trainer(small())
    programs = {
        f"{player}.{name}": getattr(update, name)
        for player, update in {"d": trainer._update_d, "g": trainer._update_g}.items()
        for name in ("gradient_program", "update_program")
    }
    before = {name: list(program) for name, program in programs.items()}
    trainer.run(3)
    trainer.config = small().patched(path, value)
    assert trainer._update_d.gradient_program is programs["d.gradient_program"]
    assert trainer._update_g.gradient_program is programs["g.gradient_program"]
    changed = {name for name, program in programs.items() if list(map(id, program)) != list(map(id, before[name]))}
    assert changed == rewritten
