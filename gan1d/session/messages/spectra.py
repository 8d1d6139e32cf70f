"""Events about the spectrum of a game and the path angle between two steps."""

from typing import Literal

from pydantic import Field

from gan1d.session.messages.objects import ServerMessage

Pairs = list[tuple[float, float]]


class SpectrumProgress(ServerMessage):
    """How far the answer to `get_spectrum` or `get_path_angle` is; sent to its sender alone."""

    type: Literal["spectrum_progress"] = "spectrum_progress"
    done: int = Field(
        description="Columns of the Jacobian that are computed: 0 while another answer is, all during the eigenvalues."
    )
    total: int = Field(description="Number of columns: one for each parameter of both networks.")


class SpectrumFound(ServerMessage):
    """The spectrum of the game at a step of a run; the answer to `get_spectrum`, sent to its sender alone.

    An eigenvalue is a pair of real and imaginary part. Those that count as 0 beside the largest one are left out.
    """

    type: Literal["spectrum"] = "spectrum"
    run: int = Field(description="Number of the run.")
    step: int = Field(description="The step.")
    parameters: int = Field(description="Number of parameters of both networks, and of eigenvalues.")
    eigenvalues: Pairs = Field(description="Eigenvalues of the Jacobian of both gradients, the largest first.")
    discriminator: Pairs = Field(description="Eigenvalues of D's own block, the largest first.")
    generator: Pairs = Field(description="Eigenvalues of G's own block, the largest first.")
    attracting: int = Field(description="Number of eigenvalues with a positive real part.")
    repelling: int = Field(description="Number of eigenvalues with a negative real part.")
    flat: int = Field(description="Number of eigenvalues that count as 0.")
    flat_below: float = Field(description="Size up to which an eigenvalue counts as 0, in parts of the largest one.")
    largest_real: float = Field(description="Largest real part; null if all are flat.")
    smallest_real: float = Field(description="Smallest real part; null if all are flat.")
    turn: float = Field(description="Largest absolute ratio of imaginary to real part; null if none or infinite.")
    largest_step: float = Field(
        description="Largest step size with which plain gradient descent shrinks all attracting directions; null if "
        "there are none."
    )
    kind: Literal["instability", "rotation", "attraction", "rest"] = Field(description="What decides the motion.")
    sentence: str = Field(description="What the eigenvalues mean, for the user.")
    own: str = Field(description="What both own blocks mean, for the user.")
    gradients: str = Field(description="How far the step is from an equilibrium, for the user.")


class PathAngleFound(ServerMessage):
    """The path angle between two steps of a run; the answer to `get_path_angle`, sent to its sender alone."""

    type: Literal["path_angle"] = "path_angle"
    run: int = Field(description="Number of the run.")
    start: int = Field(description="Step at which the path begins.")
    end: int = Field(description="Step at which it ends, with the same settings and units as the first one.")
    shares: list[float] = Field(
        description="Places on the path, 0 at its start and 1 at its end; some are beyond both."
    )
    cosines: list[float] = Field(description="Cosine of the angle between gradients and path; null where they are 0.")
    norms: list[float] = Field(description="Length of both gradients together.")
    sentence: str = Field(description="What the curve says about the end, for the user.")
