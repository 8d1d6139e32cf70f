"""What is happening in a run, and why.

Read `features` first, then `feature_extraction`, `rules`, `explanations` and `monitor`.
"""
