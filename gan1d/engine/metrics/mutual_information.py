"""Mutual information of x and a condition under which x is drawn, from the distributions of x under each condition."""

import numpy as np

from gan1d.engine.arrays import Float64


def mutual_information(masses: Float64) -> float:
    """I(c; x) in nats, where c is one of n conditions of equal probability, and x lies in one of some bins.

    It is the mean over c of KL(p(x | c) ‖ p(x)) (Cover & Thomas 2006, equation 2.46), and also the Jensen-Shannon
    divergence of all n distributions. Positions within a bin count as one, so the result is at most the information of
    x itself.

    Args:
        masses: Mass of each bin under each condition, `(n, bins)`, each row summing to 1.

    Returns:
        From 0, for equal distributions, to ln n, for distributions that do not overlap.
    """
    mixed = masses.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(masses > 0, masses * np.log(masses / mixed), 0.0)
    return max(float(terms.sum()) / len(masses), 0.0)
