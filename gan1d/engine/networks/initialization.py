"""First weights of a network: their variance decides whether a signal grows or vanishes from layer to layer."""

import numpy as np

from gan1d.engine.networks.mlp import MLP


def initialize(
    network: MLP,
    rng: np.random.Generator,
    *,
    weights: str = "auto",
    random_biases: bool = False,
    output_gain: float = 1.0,
    output_offset: float = 0.0,
) -> None:
    """Draw a network's first weights, in place. They are drawn in float64, so that float32 and float64 start alike.

    Args:
        network: The network whose parameters are overwritten.
        rng: Source of all random numbers.
        weights: "xavier_normal": variance 2 / (fan_in + fan_out) (Glorot & Bengio 2010, eq. 16). "he_normal":
            variance 2 / fan_in (He et al. 2015, arXiv:1502.01852, eq. 10). "standard_normal": variance 1 for every
            fan_in. "uniform": ±1/√fan_in (LeCun et al. 1998, section 4.6; the default of PyTorch's Linear). "auto": He
            with the activation's own gain if that differs from 1, else Xavier.
        random_biases: Draw biases from ±1/√fan_in instead of setting them to 0; this breaks the odd symmetry of
            tanh networks.
        output_gain: Factor on the last layer's weights.
        output_offset: Number added to the last layer's bias.

    Raises:
        ValueError: `weights` is not one of these names.
    """
    for layer in network.layers:
        fan_in, fan_out = layer.shape[0] - 1, layer.shape[1]
        gain = network.activation.gain
        if weights == "uniform":
            layer[:-1] = rng.uniform(-1.0, 1.0, (fan_in, fan_out)) / np.sqrt(fan_in)
        elif weights == "xavier_normal" or (weights == "auto" and gain == 1.0):
            layer[:-1] = rng.standard_normal((fan_in, fan_out)) * np.sqrt(2.0 / (fan_in + fan_out))
        elif weights == "standard_normal":
            layer[:-1] = rng.standard_normal((fan_in, fan_out))
        elif weights in ("auto", "he_normal"):
            variance = (gain if weights == "auto" else 2.0) / fan_in
            layer[:-1] = rng.standard_normal((fan_in, fan_out)) * np.sqrt(variance)
        else:
            names = "auto, xavier_normal, he_normal, standard_normal or uniform"
            raise ValueError(f"Expected {names}, but got {weights!r}.")
        # Drawn in both cases, so that switching random biases on does not change the weights.
        biases = rng.uniform(-1.0, 1.0, fan_out) / np.sqrt(fan_in)
        layer[-1] = biases if random_biases else 0.0
    network.layers[-1][:-1] *= output_gain
    network.layers[-1][-1] += output_offset
