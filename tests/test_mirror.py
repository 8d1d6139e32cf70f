"""Tests mirror the package: `gan1d/engine/training/trainer.py` is tested by `tests/engine/training/test_trainer.py`."""

from pathlib import Path

ROOT = Path(__file__).parents[1]

TESTED_BY: dict[str, str] = {
    "__main__.py": "cli/test_commands.py",
    "config/sections.py": "config/test_model.py",
    "engine/morphism/fit_points.py": "engine/morphism/test_weight_transfer.py",
    "engine/networks/fast.py": "engine/networks/test_activations.py",
    "engine/networks/hessian_vector_products.py": "engine/objectives/test_unrolling.py",
    "engine/protocols.py": "test_floors.py",
    "evaluation/discriminator.py": "evaluation/test_frame.py",
    "evaluation/fixed_samples.py": "evaluation/test_observe.py",
    "evaluation/forward_pass.py": "evaluation/test_frame.py",
    "evaluation/generator.py": "evaluation/test_frame.py",
    "evaluation/inputs.py": "evaluation/test_frame.py",
    "evaluation/latent_grid.py": "evaluation/test_frame.py",
    "evaluation/probe.py": "evaluation/test_observe.py",
    "evaluation/reference.py": "evaluation/test_frame.py",
    "evaluation/refinement.py": "benchmarks/test_exactness.py",
    "exports/pytorch_losses.py": "exports/test_comparison.py",
    "exports/pytorch_networks.py": "exports/test_comparison.py",
    "exports/pytorch_optimizers.py": "exports/test_comparison.py",
    "exports/pytorch_training.py": "exports/test_comparison.py",
    "exports/pytorch_translation.py": "exports/test_comparison.py",
    "exports/pytorch_updates.py": "exports/test_comparison.py",
    "gallery/preset.py": "gallery/test_presets.py",
    "number_file/cells.py": "number_file/test_reading.py",
    "number_file/columns.py": "number_file/test_reading.py",
    "number_file/printed_list.py": "number_file/test_reading.py",
    "number_file/table.py": "number_file/test_reading.py",
    "number_file/text.py": "number_file/test_reading.py",
    "recording/observed_run.py": "cli/test_commands.py",
    "recording/repetition.py": "recording/test_recording.py",
    "server/viewer.py": "server/test_lobby.py",
    "session/look_back.py": "session/test_viewing.py",
    "session/second_run.py": "session/test_compare_control.py",
    "session/run_record.py": "session/test_viewing.py",
    "session/session_info.py": "session/test_starting_data.py",
    "session/messages/commands.py": "session/messages/test_reading.py",
    "session/messages/connection.py": "session/messages/test_reading.py",
    "session/messages/events.py": "session/messages/test_reading.py",
    "session/messages/objects.py": "session/messages/test_reading.py",
    "session/messages/parts.py": "session/messages/test_reading.py",
    "session/messages/scene.py": "session/messages/test_reading.py",
    "session/spectrum_answers.py": "session/test_spectrum_requests.py",
    "session/messages/spectra.py": "session/test_spectrum_requests.py",
    "session/messages/traced.py": "session/test_step_tracing.py",
}
"""Module without a test file of its name → the test file of the module or the family that it is a part of."""

MODULES = sorted(
    path.relative_to(ROOT / "gan1d").as_posix() for path in (ROOT / "gan1d").rglob("*.py") if path.stem != "__init__"
)


def mirror(module: str) -> Path:
    path = ROOT / "tests" / module
    return path.with_name(f"test_{path.stem.strip('_')}.py")


def test_every_module_has_a_test_file_of_its_name() -> None:
    assert [module for module in MODULES if mirror(module).is_file() == (module in TESTED_BY)] == []
    assert [other for other in TESTED_BY.values() if not (ROOT / "tests" / other).is_file()] == []


def test_only_modules_are_excepted() -> None:
    assert sorted(TESTED_BY) == [module for module in MODULES if module in TESTED_BY]
