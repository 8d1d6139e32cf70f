"""Lessons: pages of text beside the live picture, each with an experiment, a question and what it waits for.

Read `lesson` first, then `library`. Each folder is a lesson; docs/tutorials/add-a-lesson.md says what is in it.
"""
