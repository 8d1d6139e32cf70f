"""The section of a PyTorch program with the training loop."""

from gan1d.engine.objectives.gradient_penalties import GradientPenalty
from gan1d.exports.experiment import Experiment
from gan1d.exports.python_text import Section, indented, lines
from gan1d.exports.pytorch_translation import there_and_back

PROGRAM_STEPS = 1000
"""Steps of a program."""
REPORT_EVERY = 100
"""Steps between two printed lines."""


def training_section(experiment: Experiment) -> Section:
    """The section with the training loop."""
    config, samples, is_noisy = experiment.config, experiment.samples, experiment.is_noisy
    mixes = any(isinstance(penalty, GradientPenalty) for penalty in experiment.penalties)
    reals = experiment.reals_of_generator
    drawn = f"real_samples({samples})"
    both = f", {1 + len(reals)}" if reals else ""
    for_d = [
        drawn,
        f"{'latents' if experiment.classes else experiment.latents}({samples})",
        *([f"instance_noise(step, 2, {samples}, 1)"] if is_noisy else []),
        *(["torch.rand(BATCH, 1)"] if mixes else []),
    ]
    for_g = [
        f"{experiment.latents}({samples})",
        *(drawn for _ in reals),
        *([f"instance_noise(step{both}, {samples}, 1)"] if is_noisy else []),
    ]
    if experiment.is_translation:
        for_d, for_g = there_and_back(for_d), there_and_back(for_g)
    body = [
        "gan = GAN()",
        "for step in range(steps):",
        *indented(repeated("loss_d", "discriminator", for_d, config.discriminator_steps)).splitlines(),
        *indented(repeated("loss_g", "generator", for_g, config.generator_steps)).splitlines(),
        f"    if (step + 1) % {REPORT_EVERY} == 0:",
        "        distance = wasserstein1(gan.generator)",
        '        print(f"step {step + 1}: L_D {loss_d:.4f}, L_G {loss_g:.4f}, Wasserstein-1 {distance:.4f}")',
        "return gan",
    ]
    text = (
        "The batches are drawn by PyTorch: the run begins like that of gan1d and then takes a course of its own, as "
        "with another seed."
    )
    return Section(
        title="Training", text=text, code=lines(f"def train(steps={PROGRAM_STEPS}):", indented(lines(*body)))
    )


def repeated(loss: str, player: str, arguments: list[str], count: int) -> str:
    """The lines that update one player `count` times."""
    call = f"{loss} = gan.update_{player}({', '.join(arguments)})"
    if len(call) > 84:
        inside = "".join(f"    {argument},\n" for argument in arguments)
        call = f"{loss} = gan.update_{player}(\n{inside})"
    return lines(f"for _ in range({count}):", indented(call)) if count > 1 else call
