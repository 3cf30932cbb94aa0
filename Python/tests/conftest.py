"""What tests of the installed package share."""

import numpy as np
import pytest


@pytest.fixture
def updates() -> np.ndarray:
    """Nine rows near each other and one far away."""
    rows = np.random.default_rng(5).normal(size=(10, 37)).astype(np.float32)
    rows[7] += 20
    return rows
