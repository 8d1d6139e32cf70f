"""Diagnosis: the state of a run and its reasons, by rules over the features of the last observations.

Read `kinds` (all diagnoses), `features` and `feature_window` first, then `evaluation_samples`, `feature_extraction`,
`progress`, `rules`, `explanations`, `monitor`, and `trajectory`, which observes whole runs.
"""
