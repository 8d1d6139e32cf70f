"""The optimizers of a PyTorch program, and those that PyTorch does not have."""

from gan1d.config.sections import NetworkConfig
from gan1d.engine.networks.optimizers import SGD, Adam, Momentum, OptimisticAdam, RMSProp
from gan1d.engine.training.code_head import HeadSettings
from gan1d.exports.python_text import number

WEIGHT_DECAY = '''@torch.no_grad()
def decay_weights(network, share):
    """Decoupled weight decay (Loshchilov & Hutter 2019, arXiv:1711.05101)."""
    for parameter in network.parameters():
        parameter *= 1 - share'''

NEGATIVE_MOMENTUM = '''class NegativeMomentum(torch.optim.Optimizer):
    """v ← μ·v + g, θ ← θ − lr·v for μ below 0, which torch.optim.SGD refuses (Gidel et al. 2019, arXiv:1807.04740)."""

    def __init__(self, parameters, lr, momentum):
        super().__init__(parameters, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        """One update."""
        for group in self.param_groups:
            for parameter in group["params"]:
                state = self.state[parameter]
                state["velocity"] = group["momentum"] * state.get("velocity", 0.0) + parameter.grad
                parameter -= group["lr"] * state["velocity"]'''

OPTIMISTIC_ADAM = '''class OptimisticAdam(torch.optim.Optimizer):
    """θ ← θ − lr·(2·uₜ − uₜ₋₁), with uₜ the step of Adam at lr 1 (Daskalakis et al. 2018, arXiv:1711.00141)."""

    def __init__(self, parameters, lr, betas, eps):
        super().__init__(parameters, {"lr": lr, "betas": betas, "eps": eps, "count": 0})

    @torch.no_grad()
    def step(self):
        """One update."""
        for group in self.param_groups:
            (beta1, beta2), group["count"] = group["betas"], group["count"] + 1
            for parameter in group["params"]:
                state, gradient = self.state[parameter], parameter.grad
                state["mean"] = beta1 * state.get("mean", 0.0) + (1 - beta1) * gradient
                state["square"] = beta2 * state.get("square", 0.0) + (1 - beta2) * gradient.square()
                mean = state["mean"] / (1 - beta1 ** group["count"])
                square = state["square"] / (1 - beta2 ** group["count"])
                step = mean / (square.sqrt() + group["eps"])
                parameter -= group["lr"] * (2 * step - state.get("step", 0.0))
                state["step"] = step'''


def decays_apart(player: NetworkConfig | HeadSettings) -> bool:
    """Whether the weight decay of a player, which keeps the whole rate, is not part of its optimizer in PyTorch."""
    share = player.optimizer.learning_rate * player.weight_decay
    return share > 0 and (share > 1 or player.rate_half_life > 0 or not isinstance(player.optimizer, SGD | Adam))


def has_negative_momentum(player: NetworkConfig | HeadSettings) -> bool:
    """Whether the momentum of a player is below 0."""
    return isinstance(player.optimizer, Momentum) and player.optimizer.momentum < 0


def optimizer(name: str, player: NetworkConfig | HeadSettings) -> str:
    """The optimizer of a player as an expression."""
    spec, decay = player.optimizer, 0.0 if decays_apart(player) else player.weight_decay
    first = f"self.{name}.parameters(), lr={number(spec.learning_rate)}"
    weight_decay = f", weight_decay={number(decay)}" if decay else ""
    match spec:
        case SGD():
            return f"torch.optim.SGD({first}{weight_decay})"
        case Momentum() if has_negative_momentum(player):
            return f"NegativeMomentum({first}, momentum={number(spec.momentum)})"
        case Momentum():
            return f"torch.optim.SGD({first}, momentum={number(spec.momentum)})"
        case RMSProp():
            return f"torch.optim.RMSprop({first}, alpha={number(spec.decay)}, eps={number(spec.eps)})"
        case Adam():
            betas = f"betas=({number(spec.beta1)}, {number(spec.beta2)})"
            return f"torch.optim.Adam{'W' if decay else ''}({first}, {betas}, eps={number(spec.eps)}{weight_decay})"
        case OptimisticAdam():
            return (
                f"OptimisticAdam({first}, betas=({number(spec.beta1)}, {number(spec.beta2)}), eps={number(spec.eps)})"
            )
