"""What other tools got wrong, held to be right here: one test for each fault seen in their code.

The tools are 1-D and 2-D GAN demonstrations and a neural-network playground; each test names the mistake, not the tool.
"""

import math
import re
from itertools import pairwise
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.metrics.histograms import histogram
from gan1d.engine.objectives.losses import Loss, NonSaturating
from gan1d.engine.programs import run
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe

LN2 = math.log(2)


def small() -> Config:
    return Config.parsed({"batch_size": 8, "generator": {"hidden": [4]}, "discriminator": {"hidden": [4]}})


def test_verdicts_on_fakes_are_not_those_of_the_first_step_for_ever() -> None:
    """A histogram of D(G(z)) was filled once, at step 0, and drawn unchanged for the whole run."""
    config = Config()
    trainer, probe = Trainer(config), Probe(config)
    readouts, fakes = [], []
    for _ in range(3):
        frame = observe(trainer, probe)
        readouts.append(frame.fake_readout)
        fakes.append(frame.fake_samples)
        trainer.run(100)
    assert all(not np.array_equal(a, b) for a, b in pairwise(readouts))
    assert all(not np.array_equal(a, b) for a, b in pairwise(fakes))


def test_verdicts_on_reals_are_of_reals_only() -> None:
    """A wrong slice put 60 fakes among the reals: with G far away, D's verdicts on the two must not mix."""
    trainer = Trainer(small().patched("generator.hidden", []).patched("discriminator.hidden", []))
    trainer.generator.layers[0][:] = [[0.0], [50.0]]
    trainer.discriminator.layers[0][:] = [[-1.0], [10.0]]  # real is what lies well below 10
    frame = observe(trainer)
    assert frame.fake_readout[1] == pytest.approx(1.0)
    assert frame.real_readout[-3:].sum() == pytest.approx(1.0)


def test_no_sample_vanishes_from_a_histogram() -> None:
    """Samples outside the axis were dropped without a word, and the last bin was all but out of reach."""
    samples = np.concatenate([np.linspace(-3.5, 3.5, 71), [-9.0, 9.0, 1e9, 3.5]])
    counts = histogram(samples, -3.5, 3.5, 20)
    assert counts.sum() == len(samples)
    assert (counts[0], counts[-1]) == (1, 2)
    # 71 points over 20 bins of 3½ points each, and the right end twice.
    assert counts[1:-1].min() >= 3
    assert counts[-2] >= 4


def test_a_batch_has_as_many_samples_as_asked_for() -> None:
    """Two roundings down made 127 of 128, and 511 of 512."""
    for batch in (1, 5, 127, 128):
        config = small().patched("batch_size", batch).patched("standardize", False)
        draws = []

        def counting(rng: np.random.Generator, count: int, dtype: object, draws: list[int] = draws) -> object:
            draws.append(count)
            return Config().target.sample(rng, count, dtype)

        target = type("Counting", (), {"sample": staticmethod(counting)})()
        trainer = Trainer(config.model_copy(update={"target": target}))
        trainer.run(1)
        assert draws[0] % batch == 0
        assert trainer.diverged is None


def test_a_step_of_the_generator_leaves_the_discriminator_to_the_last_bit() -> None:
    """One optimizer without a list of variables trained D, upwards, in each step of G."""
    trainer = Trainer(small())
    trainer.run(5)
    before = trainer.discriminator.parameters.copy()
    memory = trainer.state_dict()["discriminator"]["averages"]
    trainer.step_generator()
    np.testing.assert_array_equal(trainer.discriminator.parameters, before)
    for name, average in trainer.state_dict()["discriminator"]["averages"].items():
        np.testing.assert_array_equal(average, memory[name])


def test_a_step_of_the_discriminator_leaves_the_generator_to_the_last_bit() -> None:
    trainer = Trainer(small())
    trainer.run(5)
    before = trainer.generator.parameters.copy()
    trainer.step_discriminator()
    np.testing.assert_array_equal(trainer.generator.parameters, before)


def test_the_gradient_of_the_generators_turn_does_not_leak_into_the_discriminators_next_update() -> None:
    """A gradient of D that was not cleared: here D's next step is the same whether G took its turn before or not.

    G stands still, so that the fakes are the same: its rate is as good as nothing.
    """
    config = small().patched("generator.optimizer", {"kind": "sgd", "learning_rate": 1e-5})
    config = config.patched("discriminator.optimizer", {"kind": "sgd", "learning_rate": 0.1})
    with_turn, without = Trainer(config, np.float64), Trainer(config, np.float64)
    start = with_turn.generator.parameters.copy()
    for trainer in (with_turn, without):
        trainer.step_discriminator()
    with_turn.step_generator()
    with_turn.generator.parameters[:] = start
    for trainer in (with_turn, without):
        trainer.step_discriminator()
    np.testing.assert_array_equal(with_turn.discriminator.parameters, without.discriminator.parameters)


def test_no_second_sigmoid_hides_in_the_loss() -> None:
    """Cross-entropy of a probability taken for a score: the loss could never reach ln 2 at D = ½, nor 0 or ∞ at all."""
    loss = NonSaturating()
    assert float(loss.generator_value(np.zeros(3))) == pytest.approx(LN2)
    assert float(loss.generator_value(np.full(3, 50.0))) < 1e-20
    assert float(loss.generator_value(np.full(3, -50.0))) == pytest.approx(50.0)
    # And through whole networks: a D that answers score 0 everywhere.
    trainer = Trainer(small().patched("discriminator_steps", 1))
    trainer.discriminator.parameters[:] = 0.0
    assert trainer.step_discriminator().loss_d == pytest.approx(LN2, abs=1e-6)
    trainer.discriminator.parameters[:] = 0.0
    assert trainer.step_generator().loss_g == pytest.approx(LN2, abs=1e-6)


def test_reference_lines_know_of_label_smoothing() -> None:
    """Lines at ln 2 were drawn for labels of 0.95, where balance lies at 0.739 and 0.692."""
    config = Config().patched("loss.real_label", 0.95).patched("loss.generator_label", 0.95)
    lines = {line["series"]: line for line in Probe(config).scene()["references"]}
    assert lines["loss_g"]["value"] == pytest.approx(0.7394, abs=5e-5)
    assert lines["loss_d"]["value"] == pytest.approx(0.6919, abs=5e-5)
    assert lines["loss_g"]["label"] == "0.739"
    plain = {line["series"]: line for line in Probe(Config()).scene()["references"]}
    assert {line["label"] for line in plain.values()} == {"ln 2"}


def test_a_metric_tells_success_from_collapse() -> None:
    """A divergence counted a third of the reference samples: a perfect generator scored no better than a collapse."""
    config = small().patched("generator.hidden", [])
    config = config.patched("target.modes", [{"position": 0.0, "width": 1.0, "weight": 1.0}])
    scores = {}
    for name, parameters in (("perfect", [1.0, 0.0]), ("collapsed", [0.01, 0.0]), ("far away", [1.0, 40.0])):
        trainer = Trainer(config)
        weight, bias = parameters
        trainer.generator.parameters[:] = [weight / trainer.units.scale, trainer.units.standardize(bias)]
        frame = observe(trainer)
        scores[name] = (frame.jensen_shannon, frame.wasserstein1)
    assert scores["perfect"] == pytest.approx((0.0, 0.0), abs=1e-3)
    assert scores["collapsed"][0] > 0.4
    assert scores["collapsed"][1] > 0.7
    assert scores["far away"] == pytest.approx((LN2, 40.0), abs=1e-3)


def test_one_sample_outside_does_not_blank_a_metric() -> None:
    """It lengthened an array, and both charts were NaN from then on."""
    trainer = Trainer(small().patched("generator.hidden", []))
    trainer.generator.parameters[:] = [1e6, 0.0]
    frame = observe(trainer)
    assert math.isfinite(frame.jensen_shannon)
    assert math.isfinite(frame.wasserstein1)


@pytest.mark.parametrize("hidden", [[], [3], [3, 3], [1, 2, 3, 4]], ids=str)
def test_as_many_hidden_layers_as_are_shown(hidden: list[int]) -> None:
    """ "Hidden layers: 1" meant two."""
    trainer = Trainer(small().patched("generator.hidden", hidden).patched("discriminator.hidden", hidden))
    for network in (trainer.generator, trainer.discriminator):
        assert network.sizes == (1, *hidden, 1)
        assert len(network.layers) == len(hidden) + 1


def test_the_loss_in_force_is_the_loss_that_is_shown_also_after_a_new_start() -> None:
    """After a reset the menu said least squares and the model ran log loss."""
    config = small().patched("loss", "minimax")
    trainer = Trainer(small())
    trainer.config = config
    assert trainer.step().loss_g < 0  # minimax has G below 0, non-saturating above
    assert Trainer(trainer.config).step().loss_g < 0
    trainer.config = trainer.config.patched("generator.hidden", [3])
    assert trainer.step().loss_g < 0


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_a_new_learning_rate_keeps_what_adam_remembers(player: str) -> None:
    """A new rate made a new optimizer, and the moments were lost."""
    config = small().patched(f"{player}.optimizer", "adam")
    trainer = Trainer(config)
    trainer.run(10)
    before = trainer.state_dict()[player]
    trainer.config = config.patched(f"{player}.optimizer.learning_rate", 0.02)
    after = trainer.state_dict()[player]
    assert after["count"] == before["count"] > 0
    for name in ("mean", "square"):
        np.testing.assert_array_equal(after["averages"][name], before["averages"][name])


def test_a_pause_changes_nothing() -> None:
    """Pausing trained one step more: a run in two parts is the run in one."""
    paused, straight = Trainer(small()), Trainer(small())
    for count in (3, 0, 4):
        paused.run(count)
    straight.run(7)
    assert paused.step_count == straight.step_count == 7
    np.testing.assert_array_equal(paused.generator.parameters, straight.generator.parameters)


def test_arrows_are_the_pull_of_the_loss_and_not_the_slope_of_the_discriminator() -> None:
    """Drawn as dD/dx, arrows were equally long for every loss, and a pull that dies could not be seen."""
    pushes = {}
    for loss in ("non_saturating", "minimax"):
        trainer = Trainer(small().patched("loss", loss).patched("discriminator.hidden", []))
        trainer.discriminator.parameters[:] = [
            1.0 / trainer.config.discriminator.input_scale,
            -20.0,
        ]  # sure of every fake
        pushes[loss] = observe(trainer).fake_push
    # Non-saturating pulls with 1 − D ≈ 1 times the slope of the score, minimax with D ≈ 0.
    np.testing.assert_allclose(pushes["non_saturating"], 1.0, atol=1e-3)
    assert np.abs(pushes["minimax"]).max() < 1e-3
    assert np.all(pushes["minimax"] > 0)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("generator.hidden", [9, 9]),
        ("discriminator.hidden", []),
        ("generator.activation", "relu"),
        ("latent", "uniform"),
    ],
)
def test_a_size_changed_on_the_run_neither_throws_nor_wipes_the_run(path: str, value: object) -> None:
    config = small()
    trainer = Trainer(config)
    trainer.run(10)
    trainer.config = config.patched(path, value)
    assert trainer.step_count == 10
    assert trainer.step().step == 11
    observe(trainer, Probe(trainer.config))


def test_the_same_seed_replays_the_same_frames() -> None:
    """A reset drew new weights even with a seed; randomness came from everywhere."""
    films = []
    for _ in range(2):
        trainer, probe = Trainer(small()), Probe(small())
        film = []
        for _ in range(4):
            trainer.run(5)
            film.append(observe(trainer, probe).generator)
        films.append(np.concatenate(film))
    np.testing.assert_array_equal(*films)


def test_a_run_that_blows_up_says_why_and_keeps_its_last_numbers() -> None:
    """All numbers were NaN, without a message."""
    trainer = Trainer(small().patched("discriminator.activation", "relu"))
    trainer.run(3)
    trainer.discriminator.parameters[:] = 1e30
    trainer.run(3)
    assert trainer.diverged is not None
    assert "Diverged at step 4: the " in trainer.diverged.reason
    assert np.all(np.isfinite(trainer.generator.parameters))
    assert trainer.report.step == 3


def test_the_axis_of_the_verdicts_does_not_follow_the_data() -> None:
    """Drawn on an axis without numbers that fitted itself, a dip from 0.45 to 0.38 looked like a fall to 0."""
    for loss in ("non_saturating", "minimax"):
        readout = Probe(small().patched("loss", loss)).scene()["readout"]
        assert (readout["low"], readout["high"]) == (0.0, 1.0)


def test_losses_are_means_so_a_batch_size_is_no_learning_rate() -> None:
    loss = NonSaturating()
    scores = np.linspace(-1, 1, 6).reshape(2, 3)
    gradients = []
    for repeats in (1, 10):
        many = np.tile(scores, (1, repeats))
        out = np.empty_like(many)
        run(loss.discriminator_gradient(many, out))
        gradients.append(out.sum())
    assert gradients[0] == pytest.approx(gradients[1], rel=1e-12)


def test_no_view_and_no_server_knows_a_loss_by_name() -> None:
    """The menu said one loss and the model trained another, because each looked it up by name in its own place."""
    root = Path(__file__).parents[1]
    names = [member.kind for member in get_args(Loss)]
    seen = [path for path in (root / "static").rglob("*.*") if not {"vendor", "fonts"} & {*path.parts}]
    for package in ("evaluation", "diagnosis", "session", "server"):
        seen += (root / "gan1d" / package).glob("*.py")
    assert len(seen) > 50
    named = re.compile(rf"\b({'|'.join(names)})\b")
    found = [f"{path.name}: {match[0]}" for path in seen for match in named.finditer(path.read_text("utf-8"))]
    assert found == []
