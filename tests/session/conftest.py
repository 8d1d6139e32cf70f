"""A session on a fake clock for every test of this folder."""

import pytest

from tests.session.fakes import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()
