"""Settings that are each allowed but make no sense together, with the sentence that says why."""

from gan1d.engine.data.translation import is_translation
from gan1d.engine.networks.discriminator_inputs import OneSample
from gan1d.engine.objectives.codes import CategoricalCode, ContinuousCode, NoCode
from gan1d.engine.objectives.unrolling import NoUnrolling, Unrolled
from gan1d.engine.protocols import TrainerSettings


def conflict_of(config: TrainerSettings) -> str:
    """Why some settings make no sense together; "" if all do."""
    if config.loss.is_paired:
        if config.conditional:
            return "Expected a loss of single samples with labels, but got one of pairs, whose labels would differ."
        if isinstance(config.generator.lookahead, Unrolled):
            return "Expected a loss of single samples with a lookahead of G, but got one of pairs of a real and a fake."
    if config.discriminator.optimal and (sentence := conflict_of_optimal(config)):
        return sentence
    return conflict_with_code(config) or conflict_with_source(config)


def conflict_with_source(config: TrainerSettings) -> str:
    """What a translation has no place for; "" if there is nothing, or without a source."""
    view = config.discriminator.view
    refused = {
        "no labels": "labels" if config.conditional else "",
        "no code": "" if isinstance(config.code, NoCode) else config.code.kind,
        "new samples in each step": f"{config.training_points} training samples" if config.training_points else "",
        "a D that judges one sample": "" if isinstance(view, OneSample) else view.kind,
        "a D that is a network": "the optimal D" if config.discriminator.optimal else "",
    }
    if not is_translation(config):
        return ""
    found = next(((wanted, given) for wanted, given in refused.items() if given), None)
    return "" if found is None else f"Expected {found[0]} beside a source, but got {found[1]}."


def conflict_with_code(config: TrainerSettings) -> str:
    """What leaves a code without a meaning; "" if nothing does, or without a code."""
    if isinstance(config.code, NoCode):
        return ""
    if config.conditional:
        return "Expected labels or a code, but got both."
    if not isinstance(config.discriminator.view, OneSample):
        return f"Expected a D that judges one sample beside a code, but got {config.discriminator.view.kind}."
    if isinstance(config.code, ContinuousCode) and config.latent.dimension > 1:
        return f"Expected a latent of one dimension beside a continuous code, but got {config.latent.dimension}."
    return ""


def conflict_of_optimal(config: TrainerSettings) -> str:
    """Why the optimal D cannot play under some settings, as it needs the densities of single samples; "" if it can."""
    view, lookahead, features = config.discriminator.view, config.generator.lookahead, config.generator.feature_matching
    refused = {
        "a loss whose optimal D is known": "" if config.loss.has_optimal_discriminator else config.loss.kind,
        "a run without labels": "labels" if config.conditional else "",
        "one sample as D's input": "" if isinstance(view, OneSample) else view.kind,
        "a z of one dimension": "" if config.latent.dimension == 1 else f"{config.latent.dimension} of them",
        "new real samples in each step": f"{config.training_points} training samples" if config.training_points else "",
        "no instance noise": "some" if config.instance_noise.deviation else "",
        "no lookahead of G": "" if isinstance(lookahead, NoUnrolling) else lookahead.kind,
        "no feature matching": "some" if features else "",
        "no code": "" if isinstance(config.code, NoCode) else config.code.kind,
    }
    found = next(
        (f"Expected {wanted} beside the optimal D, but got {given}." for wanted, given in refused.items() if given), ""
    )
    return found


def turn_of(path: str, new: TrainerSettings, old: TrainerSettings) -> int:
    """When to apply a change among others, so that no conflict arises on the way: below 0 before, above 0 after."""
    if path.startswith("latent."):
        return 3 * (int(is_translation(new)) - int(is_translation(old)))
    if path.startswith("code."):
        order = [NoCode, CategoricalCode, ContinuousCode]
        after, before = (order.index(type(config.code)) for config in (new, old))
        return (after > before) - (after < before)
    if path == "loss.kind":
        return int(new.loss.is_paired) - int(old.loss.is_paired)
    return (
        2 * (int(new.discriminator.optimal) - int(old.discriminator.optimal)) if path == "discriminator.optimal" else 0
    )
