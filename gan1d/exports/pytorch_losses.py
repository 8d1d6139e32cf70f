"""The section of a PyTorch program with the losses of both players, and the penalties on D's slopes."""

from gan1d.engine.networks.discriminator_inputs import BatchDeviation, DiscriminatorView
from gan1d.engine.objectives.codes import SMALLEST_DEVIATION, CategoricalCode, Code, ContinuousCode, NoCode
from gan1d.engine.objectives.critics import Critic
from gan1d.engine.objectives.gradient_penalties import R1, R1R2, R2, GradientPenalty, Penalty
from gan1d.engine.objectives.losses import (
    CrossEntropy,
    Hinge,
    LeastSquares,
    Loss,
    Minimax,
    NonSaturating,
)
from gan1d.engine.objectives.relativistic import RelativisticPairing
from gan1d.exports.experiment import Experiment
from gan1d.exports.python_text import Section, definitions, lines, number

WORDS = {
    "non_saturating": "The non-saturating loss: D tells reals from fakes, and G maximizes log D(G(z)). With D's output "
    "D = σ(score), L_D is half of the cross-entropy (Goodfellow et al. 2014, arXiv:1406.2661, eq. 1 and section 3).",
    "minimax": "The minimax loss: D tells reals from fakes, and G minimizes what D maximizes, log(1 − D(G(z))). With "
    "D's output D = σ(score), L_D is half of the cross-entropy (Goodfellow et al. 2014, arXiv:1406.2661, eq. 1).",
    "least_squares": "The least-squares loss: D's scores should equal the labels (Mao et al. 2017, arXiv:1611.04076, "
    "eq. 2 and 9).",
    "hinge": "The hinge loss: D pays only for scores within the margin ±1 or on the wrong side (Lim & Ye 2017, "
    "arXiv:1705.02894; Miyato et al. 2018, arXiv:1802.05957, eq. 16 and 17).",
    "wasserstein": "The Wasserstein loss: D is a critic, whose scores should be high for reals and low for fakes. Its "
    "weights are clipped, so that it cannot get steep (Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1).",
    "relativistic_pairing": "The relativistic pairing loss: D says which one of a real and a fake is real; L_G is "
    "smallest where it says the fake (Jolicoeur-Martineau 2018, arXiv:1807.00734; Huang et al. 2024, "
    "arXiv:2501.05441, eq. 2).",
    "wasserstein_gp": "The Wasserstein loss: D is a critic, whose scores should be high for reals and low for fakes. A "
    "penalty keeps its slope near 1 (Gulrajani et al. 2017, arXiv:1704.00028, algorithm 1).",
}
"""The idea of each loss and its source, by kind."""

CROSS_ENTROPY = '''def cross_entropy(scores, label):
    """Mean of −label·log D − (1 − label)·log(1 − D), with D = σ(score)."""
    return F.binary_cross_entropy_with_logits(scores, torch.full_like(scores, label))'''


def loss_section(experiment: Experiment) -> Section:
    """The section with losses and penalties."""
    loss = experiment.config.loss
    code = definitions(
        CROSS_ENTROPY if isinstance(loss, CrossEntropy) else "",
        lines("def discriminator_loss(real_scores, fake_scores):", f"    return {discriminator_cost(loss)}"),
        lines(
            f"def generator_loss(fake_scores{', real_scores' if loss.is_paired else ''}):",
            f"    return {generator_cost(loss)}",
        ),
        code_loss(experiment.config.code),
        slopes(experiment) if experiment.penalties else "",
        *(penalty_code(penalty, experiment.config.discriminator.view, experiment) for penalty in experiment.penalties),
    )
    return Section(title="Losses", text=WORDS[loss.kind], code=code)


def discriminator_cost(loss: Loss) -> str:
    """L_D as an expression."""
    match loss:
        case CrossEntropy():
            real, fake = number(loss.real_label), number(loss.fake_label)
            return f"0.5 * cross_entropy(real_scores, {real}) + 0.5 * cross_entropy(fake_scores, {fake})"
        case LeastSquares():
            real, fake = difference("real_scores", loss.real_label), difference("fake_scores", loss.fake_label)
            return f"0.5 * {real}.square().mean() + 0.5 * {fake}.square().mean()"
        case Hinge():
            return "torch.relu(1 - real_scores).mean() + torch.relu(1 + fake_scores).mean()"
        case Critic():
            return "fake_scores.mean() - real_scores.mean()"
        case RelativisticPairing():
            return "F.softplus(fake_scores - real_scores).mean()"
    raise AssertionError(loss)


def generator_cost(loss: Loss) -> str:
    """L_G as an expression."""
    match loss:
        case NonSaturating():
            return f"cross_entropy(fake_scores, {number(loss.generator_label)})"
        case Minimax():
            return f"-cross_entropy(fake_scores, {number(loss.fake_label)})"
        case LeastSquares():
            return f"0.5 * {difference('fake_scores', loss.generator_label)}.square().mean()"
        case Hinge() | Critic():
            return "-fake_scores.mean()"
        case RelativisticPairing():
            return "F.softplus(real_scores - fake_scores).mean()"
    raise AssertionError(loss)


def difference(name: str, label: float) -> str:
    """A variable minus a number, as an expression."""
    return name if label == 0 else f"({name} - {number(label)})" if label > 0 else f"({name} + {number(-label)})"


def code_loss(code: Code) -> str:
    """The function that compares what Q says with the code; empty without one."""
    head = lines(
        "def code_loss(outputs, code):",
        '    """Mean of −log Q(code | x) (Chen et al. 2016, arXiv:1606.03657, eq. 5)."""',
    )
    match code:
        case NoCode():
            return ""
        case CategoricalCode():
            return lines(head, "    return F.cross_entropy(outputs, code)")
        case ContinuousCode():
            return lines(
                head,
                "    mean, s = outputs[:, :1], outputs[:, 1:]",
                f"    variance = {number(SMALLEST_DEVIATION)} ** 2 + torch.exp(2 * s)",
                "    return 0.5 * (torch.log(2 * torch.pi * variance) + (code - mean) ** 2 / variance).mean()",
            )


def slopes(experiment: Experiment) -> str:
    """The slopes of D, which the penalties need."""
    view = experiment.config.discriminator.view
    along_others = experiment.discriminator_inputs > view.samples
    columns = f"[:, :{view.samples}]" if along_others else ""
    note = "  # along the samples, not along the other inputs" if along_others else ""
    return lines(
        "def slopes(discriminator, points):",
        f'    """Slopes of D\'s scores along each sample, (count, {view.samples}), to be differentiated again."""',
        "    points = points.detach().requires_grad_()",
        "    (gradient,) = torch.autograd.grad(discriminator(points).sum(), points, create_graph=True)",
        f"    return gradient{columns}{note}",
    )


def penalty_code(penalty: Penalty, view: DiscriminatorView, experiment: Experiment) -> str:
    """The function of a penalty."""
    match penalty:
        case R1() | R2():
            points, number_in_paper = ("real", 9) if isinstance(penalty, R1) else ("fake", 10)
            source = f"Mescheder et al. 2018, arXiv:1801.04406, eq. {number_in_paper}"
            where = "reals" if isinstance(penalty, R1) else "fakes"
            return lines(
                f"def {penalty.kind}_penalty(discriminator, {points}):",
                f'    """γ/2·mean ‖∇D‖² at {where} ({source})."""',
                f"    gamma = {number(penalty.gamma)}",
                f"    return 0.5 * gamma * slopes(discriminator, {points}).square().sum(dim=1).mean()",
            )
        case R1R2():
            return lines(
                "def r1_r2_penalty(discriminator, real, fake):",
                '    """γ/2·(mean ‖∇D‖² at reals + mean ‖∇D‖² at fakes) (Huang et al. 2024, arXiv:2501.05441)."""',
                f"    gamma = {number(penalty.gamma)}",
                "    means = [slopes(discriminator, points).square().sum(dim=1).mean() for points in (real, fake)]",
                "    return 0.5 * gamma * sum(means)",
            )
        case GradientPenalty():
            return lines(
                "def gradient_penalty(discriminator, real, fake, share):",
                '    """λ·mean (‖∇D‖ − 1)² between real and fake (Gulrajani et al. 2017, arXiv:1704.00028, eq. 3)."""',
                f"    weight = {number(penalty.weight)}",
                f"    points = {mixture(view, experiment)}",
                "    return weight * (slopes(discriminator, points).norm(dim=1) - 1).square().mean()",
            )
    raise AssertionError(penalty)


def mixture(view: DiscriminatorView, experiment: Experiment) -> str:
    """The points between reals and fakes as an expression; the deviation of the batch is that of these points."""
    mixed = "share * real + (1 - share) * fake"
    if not isinstance(view, BatchDeviation):
        return mixed
    samples = f"({mixed})[:, :1]"
    rows = f"torch.cat([{samples}, real[:, 2:]], dim=1)" if experiment.classes else samples
    return f"with_deviation({rows})"
