"""Objects inside of `step_trace`: the updates of a step, and one sample on its way through both networks."""

from typing import Literal

from pydantic import Field

from gan1d.session.messages.objects import ServerMessage


class TracedLayer(ServerMessage):
    """A hidden layer in the pass of one sample, with a number for each unit: h = φ(s)."""

    s: list[float] = Field(description="Weighted sums with their biases.")
    h: list[float] = Field(description="Activations.")
    gradient: list[float] = Field(description="∂L/∂s; empty if nothing is backpropagated.")


class TracedPass(ServerMessage):
    """The pass of one sample through a network."""

    sizes: list[int] = Field(description="Units per layer of the whole network, inputs first.")
    input_scale: float = Field(description="Factor on the inputs.")
    inputs: list[float] = Field(description="Inputs in standardized units.")
    layers: list[TracedLayer] = Field(description="Hidden layers; none where D scores after a lookahead.")
    output: float = Field(description="Output: u = G(z) in standardized units, or D's score.")
    output_gradient: float = Field(description="∂L/∂output; NaN if nothing is backpropagated.")
    weights: list[list[list[float]]] = Field(
        description="Weights of each layer in the pass, a row for each input and the biases as the last row."
    )


class TracedParameters(ServerMessage):
    """The updated network's parameters around the update, each in the shape of `weights`."""

    gradient: list[list[list[float]]] = Field(description="∂L/∂parameter over the whole batch, penalties included.")
    before: list[list[list[float]]] = Field(description="Free parameters before the update.")
    after: list[list[list[float]]] = Field(description="Free parameters after it.")
    averages_before: dict[str, list[list[list[float]]]] = Field(description="Averages of the optimizer before it.")
    averages_after: dict[str, list[list[list[float]]]] = Field(description="Averages of the optimizer after it.")


class TracedSample(ServerMessage):
    """One sample of an update, through every layer of both networks; of wider layers, the first units."""

    update: int = Field(description="Number of the update in `updates`.")
    sample: int = Field(description="Number of the sample in its batch; in an update of D the reals come first.")
    units: int = Field(description="Largest number of units of a layer that is sent.")
    generator: TracedPass | None = Field(description="Pass through G; null for a real sample.")
    discriminator: TracedPass = Field(description="Pass through D.")
    parameters: TracedParameters | None = Field(description="The updated network; null if the run diverges here.")


class TracedUpdate(ServerMessage):
    """One update of one player, with a number for each sample of the batch; of a large batch, for the first samples.

    In an update of D the lists but `latents` and `labels` hold the reals, then as many fakes.
    """

    player: Literal["discriminator", "generator"] = Field(description="The player that is updated.")
    is_trial: bool = Field(description="Whether the update only looks ahead.")
    batch: int = Field(description="Number of reals, and of fakes, in the whole batch.")
    latents: list[list[float]] = Field(description="Each coordinate of the latents of the fakes.")
    labels: list[int] = Field(description="Classes of the fakes; empty without labels.")
    samples: list[list[float]] = Field(description="Positions x; with packed samples, a list for each in a pack.")
    scores: list[float] = Field(description="D's scores.")
    outputs: list[float] = Field(description="D's outputs; empty for a critic.")
    costs: list[float] = Field(description="Cost of each score to the player.")
    score_gradients: list[float] = Field(description="∂L/∂score; empty where D scores after a lookahead.")
    sample_gradients: list[list[float]] = Field(description="∂L/∂x of each fake in an update of G; else empty.")
    outputs_after: list[float] = Field(
        description="D's outputs for the same samples after the update; empty for G, for a critic, and if the run "
        "diverges."
    )
    samples_after: list[list[float]] = Field(
        description="Positions x of the same latents after an update of G; empty for D, and if the run diverges."
    )
    loss: float = Field(description="Loss of the player over the whole batch.")
    norm: float = Field(description="Euclidean norm of the gradient, penalties included.")
    change: float = Field(description="Euclidean norm of the change of the parameters; NaN if the run diverges here.")
