"""The part of a PyTorch program that belongs to a translation: the class of both ways, and their batches."""

from typing import Final

from gan1d.engine.distributions.latents import Source
from gan1d.exports.experiment import Experiment
from gan1d.exports.python_text import indented, lines, number

BOTH_WAYS: Final = '''"""Both ways of the translation (CycleGAN: Zhu et al. 2017, arXiv:1703.10593).

G translates the source to the target, F translates back. The second half of the batches is that of the way back.
"""

def __init__(self, dtype=torch.float32):
    self.there = Way(GENERATOR_WEIGHTS, DISCRIMINATOR_WEIGHTS, dtype)
    self.back = Way(BACK_GENERATOR_WEIGHTS, BACK_DISCRIMINATOR_WEIGHTS, dtype)
    self.generator = self.there.generator

def update_discriminator(self, *batches):
    """One update of both discriminators. Returns L_D of the way there."""
    half = len(batches) // 2
    self.back.update_discriminator(*batches[half:])
    return self.there.update_discriminator(*batches[:half])'''

SHARED_LOSSES: Final = {
    "cycle": "(f(g(x)) - x).abs().mean() + (g(f(y)) - y).abs().mean()",
    "identity": "(g(y) - y).abs().mean() + (f(x) - x).abs().mean()",
}
"""The losses that both maps share, as expressions."""


def both_ways(experiment: Experiment) -> str:
    """The class of both ways; empty without a source."""
    source = experiment.config.latent
    if not isinstance(source, Source):
        return ""
    weights = {"cycle": source.cycle_weight, "identity": source.identity_weight}
    used = [name for name, weight in weights.items() if weight]
    objective = " + ".join(["there + back", *(f"{number(weights[name])} * {name}" for name in used)])
    update = lines(
        "def update_generator(self, *batches):",
        '    """One update of G and F, and of the losses that they share. Returns L_G of the way there."""',
        "    half = len(batches) // 2",
        "    loss, there = self.there.generator_objective(*batches[:half])",
        "    _, back = self.back.generator_objective(*batches[half:])",
        "    g, f, x, y = self.there.generator, self.back.generator, batches[0], batches[half]" if used else "",
        *(f"    {name} = {SHARED_LOSSES[name]}" for name in used),
        "    for way in (self.there, self.back):",
        "        way.optimizer_g.zero_grad()",
        f"    ({objective}).backward()",
        "    for way in (self.there, self.back):",
        "        way.step_generator()",
        "    return loss.item()",
    )
    return lines("class GAN:", indented(f"{BOTH_WAYS}\n\n{update}"))


def there_and_back(batches: list[str]) -> list[str]:
    """The batches of both ways, as expressions: on the way back source and target are exchanged."""
    exchanged = {"source_samples": "real_samples", "real_samples": "source_samples"}
    back = []
    for batch in batches:
        name, bracket, arguments = batch.partition("(")
        back.append(f"{exchanged.get(name, name)}{bracket}{arguments}")
    return [*batches, *back]
