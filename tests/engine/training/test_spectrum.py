"""The spectrum: closed forms of a linear game, second derivatives by PyTorch, and path angles by hand."""

from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.training.spectrum import (
    GameField,
    _QuadratureTrainer,
    eigenvalues_of,
    game_spectrum,
    parameters_of,
    path_angle,
)
from gan1d.engine.training.trainer import Trainer
from gan1d.engine.units import IDENTITY
from tests.engine.training.games import fingerprint


def linear(**changes: Any) -> Config:
    """The smallest game of the engine: D(x) = w·x + c, and G(z) = s·z + b, around a target with mean 0."""
    config = Config.parsed({
        "standardize": False,
        "target": {"kind": "gaussian_mixture", "modes": [{"position": 0.0, "width": 0.5}]},
        "loss": {"kind": "wasserstein", "clip": 10.0}, "penalty": {"kind": "none"},
        "generator": {"hidden": []}, "discriminator": {"hidden": []},
    })  # fmt: skip
    for path, value in changes.items():
        config = config.patched(path.replace("__", "."), value)
    return config


def spectrum_at(config: Config, discriminator: list[float], generator: list[float]) -> Any:
    trainer = Trainer(config, np.float64)
    trainer.discriminator.parameters[:], trainer.generator.parameters[:] = discriminator, generator
    found = game_spectrum(trainer)
    assert found is not None
    return found


def test_the_wgan_turns_at_its_equilibrium() -> None:
    """L_D = w·b and L_G = −w·b − c: eigenvalues ±i for (w, b), and 0 for c and the slope, as the mean of z is 0
    (Mescheder et al. 2018, arXiv:1801.04406, lemma 2.2 with f′ = 1)."""
    found = spectrum_at(linear(), [0.0, 0.0], [1.0, 0.0])
    np.testing.assert_allclose(np.sort_complex(found.eigenvalues), [-1j, 0, 0, 1j], atol=1e-8)
    assert found.norms == (pytest.approx(0.0, abs=1e-12), pytest.approx(0.0, abs=1e-12))


@pytest.mark.parametrize("gamma", [0.5, 1.5, 3.0])
def test_r1_damps_as_its_closed_form_says(gamma: float) -> None:
    """γ/2 ± √(γ²/4 − 1): lemma 4.1 of the same with f′ = 1. Beyond γ = 2 nothing turns."""
    config = linear(penalty={"kind": "r1", "gamma": gamma})
    found = spectrum_at(config, [0.0, 0.0], [1.0, 0.0]).eigenvalues
    root = np.sqrt(complex(gamma**2 / 4 - 1))
    expected = [gamma / 2 + root, gamma / 2 - root, 0, 0]
    np.testing.assert_allclose(np.sort_complex(found.round(7)), np.sort_complex(np.round(expected, 7)), atol=1e-6)


def test_own_blocks_and_the_jacobian_are_those_of_brute_force() -> None:
    """Against the matrix of differences of the gradients themselves, column by column, of a small network."""
    config = Config().patched("generator.hidden", [3]).patched("discriminator.hidden", [4])
    trainer = Trainer(config, np.float64)
    trainer.run(30)
    found, at, field = game_spectrum(trainer), parameters_of(trainer), GameField(config, trainer.units)
    assert found is not None
    unit = np.eye(len(at)) * 1e-4
    # Richardson's extrapolation of central differences: (8·(f(h) − f(−h)) − (f(2h) − f(−2h)))/12h.
    near, far = (np.array([field(at + k * e) - field(at - k * e) for e in unit]).T for k in (1, 2))
    whole = (8 * near - far) / 12e-4
    d = field.sizes[0]
    assert field.sizes == (13, 10)
    blocks = {"eigenvalues": whole, "discriminator": whole[:d, :d], "generator": whole[d:, d:]}
    for name, block in blocks.items():
        values = getattr(found, name)
        np.testing.assert_allclose(
            np.sort_complex(values.round(8)), np.sort_complex(np.linalg.eigvals(block).round(8) + 0j), atol=1e-6
        )
        assert (np.diff(np.abs(values)) <= 0).all()


def test_norms_of_both_gradients() -> None:
    # At w = 0.3, b = 2:  ∂L_D/∂w = b = 2, ∂L_D/∂c = 0, ∂L_G/∂b = −w, ∂L_G/∂s = −w·mean z = 0.
    found = spectrum_at(linear(), [0.3, 0.0], [1.0, 2.0])
    assert found.norms == (pytest.approx(2.0, abs=1e-12), pytest.approx(0.3, abs=1e-12))


def torch_field(torch: Any, trainer: Trainer, size: int) -> Callable[[Any], Any]:
    """The gradients of both losses as a function of all parameters, of which the first `size` are those of D."""
    oracle: Any = import_module("tests.engine.torch_reference")
    config, penalty = trainer.config, trainer.config.penalty
    streams: Any = _QuadratureTrainer(config.model_copy(update={"batch_size": 256}), np.float64)._streams
    batches = {name: torch.tensor(stream._values).reshape(-1, 1) for name, stream in streams.items()}

    def network(flat: Any, sizes: tuple[int, ...], inputs: Any) -> Any:
        start, values = 0, inputs
        for index, (rows, columns) in enumerate(pairwise(sizes)):
            weights = flat[start : start + rows * columns].reshape(rows, columns)
            biases = flat[start + rows * columns : start + (rows + 1) * columns]
            start, values = start + (rows + 1) * columns, values @ weights + biases
            values = torch.tanh(values) if index < len(sizes) - 2 else values
        return values

    def discriminator(flat: Any, x: Any) -> Any:
        return network(flat[:size], trainer.discriminator.sizes, x)

    def generator(flat: Any, z: Any) -> Any:
        return network(flat[size:], trainer.generator.sizes, z)

    def squared_slope(flat: Any, points: Any) -> Any:
        """Mean square of D's slopes, as a function of the points too."""
        points = points if points.requires_grad else points.clone().requires_grad_()
        (slopes,) = torch.autograd.grad(discriminator(flat, points).sum(), points, create_graph=True)
        return slopes.square().mean()

    def both(flat: Any) -> Any:
        real, fake = batches["data"], generator(flat, batches["latent_d"])
        value = oracle.discriminator_loss(config.loss, discriminator(flat, real), discriminator(flat, fake))
        points = {"none": [], "r1": [real], "r1_r2": [real, fake]}[penalty.kind]
        value = value + sum(0.5 * 0.1 * squared_slope(flat, each) for each in points)  # γ = 0.1
        scores = discriminator(flat, generator(flat, batches["latent_g"]))
        if config.loss.is_paired:
            scores = scores - discriminator(flat, batches["data_g"])
        cost = oracle.generator_loss(config.loss, scores)
        of_d, of_g = (torch.autograd.grad(each, flat, create_graph=True)[0] for each in (value, cost))
        return torch.cat([of_d[:size], of_g[size:]])

    return both


@pytest.mark.torch
@pytest.mark.parametrize("penalty", ["none", "r1", "r1_r2"])
@pytest.mark.parametrize("loss", ["non_saturating", "least_squares", "relativistic_pairing"])
def test_the_jacobian_is_that_of_pytorch(loss: str, penalty: str) -> None:
    """Second derivatives by autograd of both losses on the same quantiles."""
    torch: Any = pytest.importorskip("torch", reason="PyTorch is not installed")
    config = Config().patched("generator.hidden", [4, 3]).patched("discriminator.hidden", [3, 2])
    config = config.patched("discriminator.activation", "tanh").patched("loss", loss)
    config = config.patched("penalty", penalty if penalty == "none" else {"kind": penalty, "gamma": 0.1})
    trainer = Trainer(config, np.float64)
    trainer.run(20)
    at = parameters_of(trainer)
    field = GameField(config, trainer.units)
    both = torch_field(torch, trainer, field.sizes[0])
    flat = torch.tensor(at, requires_grad=True)
    expected = torch.stack([torch.autograd.grad(part, flat, retain_graph=True)[0] for part in both(flat)]).numpy()
    found = field.jacobian(at)
    assert found is not None
    np.testing.assert_allclose(field(at), both(flat).detach().numpy(), atol=1e-13)
    assert np.abs(found - expected).max() < 1e-7 * np.abs(expected).max()


def test_path_angles_by_hand() -> None:
    """In min max w·b the field at (w, b) is (b, −w): along the path from (1, 0) to (0, 0) it is perpendicular, and from
    (0, 1) to (1, 1) its cosine with (1, 0) is b/√(b² + w²)."""
    config = linear()

    def point(w: float, b: float) -> Any:
        return np.array([w, 0.0, 1.0, b])

    still = path_angle(config, IDENTITY, point(1, 0), point(0, 0))
    away = np.abs(still.shares - 1) > 1e-9  # at the equilibrium itself there is no direction
    np.testing.assert_allclose(still.cosines[away], 0.0, atol=1e-9)
    across = path_angle(config, IDENTITY, point(0, 1), point(1, 1))
    np.testing.assert_allclose(across.cosines, 1 / np.sqrt(1 + across.shares**2), atol=1e-9)
    np.testing.assert_allclose(across.norms, np.sqrt(1 + across.shares**2), atol=1e-9)
    assert across.shares[[0, -1]].tolist() == [-0.25, 1.25]


def test_a_run_stays_as_it_is() -> None:
    trainer = Trainer(Config())
    trainer.run(3)
    before = fingerprint(trainer)
    path_angle(trainer.config, trainer.units, parameters_of(trainer), parameters_of(trainer) + 0.1)
    assert game_spectrum(trainer, lambda share: share < 0.01) is None
    assert fingerprint(trainer) == before


def test_progress_rises() -> None:
    shares: list[float] = []
    trainer = Trainer(linear(), np.float64)
    game_spectrum(trainer, lambda share: shares.append(share) is None)
    assert shares == [0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("blocks", [0, 1, 2])
def test_it_can_be_ended_before_the_eigenvalues_of_each_block(blocks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    shares: list[float] = []

    def count(matrix: Any) -> Any:
        sizes.append(len(matrix))
        return eigenvalues_of(matrix)

    def progress(share: float) -> bool:
        shares.append(share)
        return shares.count(1.0) <= blocks

    monkeypatch.setattr("gan1d.engine.training.spectrum.eigenvalues_of", count)
    assert game_spectrum(Trainer(linear(), np.float64), progress) is None
    assert sizes == [4, 2, 2][:blocks]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("discriminator.optimal", True, "a D that is a network"),
        ("conditional", True, "without labels"),
        ("discriminator.view", "pack", "one sample"),
        ("latent.dimension", 2, "one dimension"),
        ("code", "categorical", "without a code"),
        ("instance_noise.deviation", 1.0, "no instance noise"),
        ("discriminator.constraint", "spectral_normalization", "spectral normalization"),
    ],
)
def test_games_without_a_field_are_refused(path: str, value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        game_spectrum(Trainer(Config().patched(path, value)))


def test_derivatives_that_are_not_finite_are_refused() -> None:
    trainer = Trainer(linear(), np.float64)
    trainer.discriminator.parameters[:] = np.nan
    with pytest.raises(ValueError, match="not finite here"):
        game_spectrum(trainer)


def test_paths_without_a_direction_are_refused() -> None:
    point = np.ones(4)
    with pytest.raises(ValueError, match="two different points"):
        path_angle(linear(), IDENTITY, point, point)
    with pytest.raises(ValueError, match="Expected 4 parameters, but got 3"):
        path_angle(linear(), IDENTITY, np.ones(3), np.zeros(3))
    with pytest.raises(ValueError, match="Expected 4 parameters, but got 5"):
        path_angle(linear(), IDENTITY, point, np.ones(5))
