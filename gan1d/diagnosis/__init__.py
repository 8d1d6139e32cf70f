"""Diagnosis: the state of a run and its reasons, by rules over the features of the last observations.

Read `features` first, then `feature_extraction`, `rules`, `explanations` and `monitor`.
"""
