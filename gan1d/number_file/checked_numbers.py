"""The numbers of a file that may be used, and sentences on everything that is wrong with the others."""

import random
from collections.abc import Sequence
from dataclasses import replace

from gan1d.formatting import format_count, format_number
from gan1d.number_file.cells import Decimal, is_number, readings
from gan1d.number_file.columns import NumberFileError, quoted
from gan1d.number_file.reading import Fault, Limits, Reading


def complaint(reading: Reading, limits: Limits) -> str:
    """Sentences on everything that is wrong, but for the decimal mark; "" if nothing is."""
    parts = [_fault_sentence(fault, reading.decimal, limits) for fault in reading.faults]
    if reading.fault_count > len(reading.faults):
        parts.append(f"And {format_count(reading.fault_count - len(reading.faults))} more.")
    count = len(reading.values)
    if not reading.fault_count and count < limits.fewest:
        parts.append(f"Expected {limits.fewest:g} numbers or more, but got {count}.")
    if count > limits.most:
        parts.append(f"Expected {limits.most:g} numbers or fewer, but got {count}.")
    return " ".join(parts)


def _fault_sentence(fault: Fault, decimal: Decimal, limits: Limits) -> str:
    expected = "a number"
    if decimal in readings(fault.got):
        expected = f"a number from {format_number(limits.low, 6)} to {format_number(limits.high, 6)}"
    elif is_number(fault.got):
        expected = f"a number with a decimal {'point' if decimal == '.' else 'comma'}"
    where = f"row {fault.row}" if fault.column is None else f"row {fault.row}, column {fault.column}"
    return f"Expected {expected} in {where}, but got {f'“{quoted(fault.got)}”' if fault.got else 'nothing'}."


def draw_sample(values: Sequence[float], count: int, seed: int) -> list[float]:
    """`count` of the values in their order, drawn without replacement; all of them if there are no more."""
    if len(values) <= count:
        return list(values)
    return [values[index] for index in sorted(random.Random(seed).sample(range(len(values)), count))]


def numbers_of(
    reading: Reading, limits: Limits, *, skip_invalid: bool = False, sample_seed: int | None = None
) -> list[float]:
    """The numbers of a reading, if they can be used as they are.

    Args:
        reading: Content of a text.
        limits: Limits that it was read with.
        skip_invalid: Leave out cells without an allowed number.
        sample_seed: Draw the largest allowed count of numbers with this seed, if there are more; None to refuse them.

    Raises:
        NumberFileError: The decimal mark or the column is unclear, or a number, or their count, is not allowed.
    """
    if reading.question:
        raise NumberFileError(f"{reading.question} Use --decimal . or --decimal ,")
    count = len(reading.values)
    has_faults = reading.fault_count > 0 and not skip_invalid
    is_too_many = count > limits.most and sample_seed is None
    if has_faults or is_too_many or count < limits.fewest:
        faulty = reading if has_faults else replace(reading, faults=[], fault_count=0)
        hints = [
            " --skip-invalid leaves such cells out." if has_faults and count >= limits.fewest else "",
            f" --sample draws {limits.most:g} of them with the seed." if is_too_many else "",
        ]
        raise NumberFileError(complaint(faulty, limits) + "".join(hints))
    return list(reading.values) if sample_seed is None else draw_sample(reading.values, int(limits.most), sample_seed)
