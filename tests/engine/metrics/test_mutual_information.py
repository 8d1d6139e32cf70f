"""Mutual information: closed forms on hand-made distributions."""

import math

import numpy as np
import pytest

from gan1d.engine.metrics.mutual_information import mutual_information
from gan1d.engine.special_functions import normal_cdf


def test_equal_distributions_tell_nothing() -> None:
    assert mutual_information(np.tile([0.2, 0.3, 0.5], (4, 1))) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("count", range(1, 9))
def test_disjoint_distributions_tell_everything(count: int) -> None:
    assert mutual_information(np.eye(count)) == pytest.approx(math.log(count), rel=1e-14, abs=1e-15)


def test_a_noisy_channel_by_hand() -> None:
    # A binary symmetric channel with error 1/10: ln 2 − h(1/10), h(p) = −p·ln p − (1 − p)·ln(1 − p)
    # (Cover & Thomas 2006, section 7.1.4).
    entropy = -0.1 * math.log(0.1) - 0.9 * math.log(0.9)
    assert mutual_information(np.array([[0.9, 0.1], [0.1, 0.9]])) == pytest.approx(math.log(2) - entropy, rel=1e-14)


def test_of_two_normals_it_is_their_jensen_shannon_divergence() -> None:
    """N(0, 1) and N(4, 1): .632720 nats, the value of docs/agreement.md."""
    edges = np.linspace(-6, 10, 4001)
    masses = np.diff([normal_cdf(edges), normal_cdf(edges - 4)], axis=1)
    assert mutual_information(masses) == pytest.approx(0.632720, abs=1e-6)


def test_a_gaussian_channel_with_a_uniform_input() -> None:
    """x = c + σ·n with c uniform on (−1, 1): h(x) − ½·ln(2πe·σ²), and h(x) = ln 2 in the limit of small σ, up to the
    blurred ends."""
    deviation, nodes, edges = 0.2, np.linspace(-1, 1, 129)[:-1] + 1 / 128, np.linspace(-3, 3, 3001)
    masses = np.diff(normal_cdf((edges - nodes[:, None]) / deviation), axis=1)
    middle = 0.5 * (edges[1:] + edges[:-1])
    density = 0.5 * (normal_cdf((middle + 1) / deviation) - normal_cdf((middle - 1) / deviation))
    entropy = -np.sum(density * np.log(np.maximum(density, 1e-300))) * (edges[1] - edges[0])
    expected = entropy - 0.5 * math.log(2 * math.pi * math.e * deviation**2)
    assert mutual_information(masses) == pytest.approx(expected, abs=1e-4)
