"""An experiment as a short Python program that uses gan1d."""

from typing import Final

from gan1d.config.model import Config
from gan1d.config.paths import Json
from gan1d.exports.python_text import list_of
from gan1d.exports.pytorch_program import experiment_name
from gan1d.exports.pytorch_training import PROGRAM_STEPS, REPORT_EVERY

GAN1D_BEGINNING: Final = '"""A one-dimensional GAN with gan1d:'
"""Beginning of every program that uses gan1d."""

LOOP: Final = f"""trainer = gan1d.Trainer(config)
while trainer.step_count < {PROGRAM_STEPS} and trainer.diverged is None:
    trainer.run({REPORT_EVERY})
    report, distance = trainer.report, gan1d.observe(trainer).wasserstein1
    print(f"step {{report.step}}: L_D {{report.loss_d:.4f}}, L_G {{report.loss_g:.4f}}, Wasserstein-1 {{distance:.4f}}")
"""


def gan1d_program(config: Config) -> str:
    """The experiment as a script that uses gan1d, with the settings that differ from the default."""
    settings = "config = gan1d.Config()\n"
    if config != Config():
        settings += f"for path, value in {changes_literal(config)}.items():\n    config = config.patched(path, value)\n"
    return f'{GAN1D_BEGINNING} {experiment_name(config)}."""\n\nimport gan1d\n\n{settings}\n{LOOP}'


def changes_literal(config: Config) -> str:
    """The settings that differ from the default as a dictionary: path → value, in an order to apply them in."""
    changes = config.differences(Config())
    rows = "".join(f'    "{path}": {literal(value)},\n' for path, value in changes.items())
    return f"{{\n{rows}}}" if rows else "{}"


def literal(value: Json) -> str:
    """A setting as Python source; no text among the settings contains a quotation mark."""
    if isinstance(value, list) and all(isinstance(item, int | float) for item in value):
        return list_of(value, 4)
    if isinstance(value, list):
        rows = "".join(f"        {literal(item)},\n" for item in value)
        return f"[\n{rows}    ]"
    return repr(value).replace("'", '"')
