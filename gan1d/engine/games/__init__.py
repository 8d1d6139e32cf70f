"""Games of two numbers, whose dynamics are known exactly: why the training of GANs circles, spirals out or settles.

- `vector_fields`: the games, by the direction in which each player pulls its number.
- `updates`: the rules by which both players follow these directions.
- `dynamics`: trajectories, Jacobians and eigenvalues of any game under any update.
- `closed_forms`: rates, limit circles and conserved quantities as formulas.
"""
