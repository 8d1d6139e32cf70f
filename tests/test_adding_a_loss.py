"""The example loss of CONTRIBUTING.md, exactly as printed: its mathematics, its schema, and a run with it."""

import re
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
from pydantic import Field

import gan1d
from gan1d.config.model import Config
from gan1d.engine.objectives import losses
from gan1d.engine.objectives.losses import Loss, NonSaturating
from tests.engine.objectives import test_losses
from tests.engine.objectives.test_unrolling import test_curvature_of_the_loss as check_curvature

ROOT = Path(__file__).parents[1]
DOCUMENT, EXAMPLE = ROOT / "CONTRIBUTING.md", ROOT / "examples" / "add_a_loss.py"


def printed_class() -> str:
    """The class in CONTRIBUTING.md, as a reader would paste it into losses.py."""
    found = re.search(r"```python\n(@dataclass.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def loss() -> Any:
    namespace = dict(vars(losses))
    # The class depends only on names that losses.py has already imported.
    exec(compile(printed_class(), str(DOCUMENT), "exec"), namespace)
    return namespace["Hellinger"]()


def test_it_is_short() -> None:
    code = [line for line in printed_class().splitlines() if line.strip()]
    assert len(code) <= 26


def test_the_runnable_example_has_the_same_class() -> None:
    assert f"\n\n\n{printed_class()}\n\n" in EXAMPLE.read_text("utf-8")


CHECKS = [
    test_losses.test_gradients,
    test_losses.test_losses_are_means_over_the_batch,
    test_losses.test_leading_axes_are_independent_batches,
    test_losses.test_no_discriminator_is_better_than_the_optimal_one,
    test_losses.test_equilibrium_and_threshold_lie_on_the_axes,
    check_curvature,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_passes_the_tests_of_all_losses(check: Any, loss: Any) -> None:
    check(loss)


def test_its_equilibrium(loss: Any) -> None:
    assert float(loss.discriminator_value(np.zeros((2, 3)))) == loss.equilibrium()["loss_d"]
    assert float(loss.generator_value(np.zeros(3))) == loss.equilibrium()["loss_g"]


def test_a_run_and_the_schema_need_only_its_name_in_the_union(loss: Any) -> None:
    added = type(loss)

    class Extended(Config):
        loss: Annotated[Loss | added, Field(discriminator="kind")] = NonSaturating()  # type: ignore[valid-type]

    config = Extended().patched("loss", "hellinger")
    assert config.loss == loss
    trainer = gan1d.Trainer(config)
    trainer.run(50)
    frame = gan1d.observe(trainer)
    assert trainer.diverged is None
    assert np.all((frame.discriminator > 0) & (frame.discriminator < 1))
    described = Extended.model_json_schema()["$defs"]["Hellinger"]
    assert described["title"] == "Hellinger"
    assert described["description"].startswith("D pays exponentially")
