"""Update attacks in process."""

import numpy as np
import pytest

import gauntlet_fl as gauntlet
from gauntlet_fl import GauntletError


def test_known_answers():
    honest = np.array([[1, 2], [3, 4]], dtype=np.float32)
    own = np.array([[5, -6]], dtype=np.float32)
    assert gauntlet.craft(None, honest, "sign-flip", f=3, scale=2).rows.tolist() == [
        [-2, -4], [-6, -8], [-2, -4],
    ]
    crafted = gauntlet.craft(own, honest, "sign-flip", scale=1)
    assert np.asarray(crafted).tolist() == [[-5, 6]]
    assert own.tolist() == [[5, -6]] and honest.tolist() == [[1, 2], [3, 4]]
    assert np.vstack([honest, crafted]).shape == (3, 2)


def test_alie(updates):
    z = 1.5
    crafted = gauntlet.craft(None, updates, "alie", f=2, z=z)
    mean, deviation = updates.astype(float).mean(axis=0), updates.astype(float).std(axis=0)
    close = [np.allclose(crafted.rows[0], mean - s * z * d, atol=1e-4)
             for s in (1, -1) for d in (deviation, updates.astype(float).std(axis=0, ddof=1))]
    assert any(close) and np.array_equal(crafted.rows[0], crafted.rows[1])


def test_an_attack_that_rehearses(updates):
    crafted = gauntlet.craft(
        None, updates, "opt-ipm", f=2, defense="trimmed-mean:f=2", stages=["nnm:f=2"]
    )
    assert crafted.rows.shape == (2, 37) and crafted.figures
    with pytest.raises(GauntletError, match="opt-ipm: rehearses the defense"):
        gauntlet.craft(None, updates, "opt-ipm", f=2)
    with pytest.raises(GauntletError, match="fltrust: needs what the server's own data gives"):
        gauntlet.craft(None, updates, "opt-ipm", f=2, defense="fltrust")


def test_seeds(updates):
    rows = [gauntlet.craft(None, updates, "gaussian-noise", f=2, seed=s).rows for s in (1, 1, 2)]
    assert np.array_equal(rows[0], rows[1]) and not np.array_equal(rows[0], rows[2])


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda u: gauntlet.craft(None, u, "alie"), "give the number of attackers"),
        (lambda u: gauntlet.craft(None, u, "alie", f=0), "f is 0"),
        (lambda u: gauntlet.craft(u[:2], u, "alie", f=3), "own: has 2 rows, and f is 3"),
        (lambda u: gauntlet.craft(u[:2, :3], u, "alie"), "own: has 3 columns, and honest 37"),
        (lambda u: gauntlet.craft(u[:2] * np.nan, u, "alie"), "row 0 of the attackers' own"),
        (lambda u: gauntlet.craft(None, u * np.inf, "alie", f=1), "row 0 has values that are not finite"),
        (lambda u: gauntlet.craft(None, u, "alice", f=1), "did you mean 'alie'"),
        (lambda u: gauntlet.craft(None, u, "alie", f=1, zz=1), "unknown parameter 'zz'"),
        (lambda u: gauntlet.craft(None, u, "label-flip", f=1), "label-flip: poisons data or trains"),
        (lambda u: gauntlet.craft(None, u, "alie", f=1, stages=["nnm:f=1"]), "belong to a defense"),
        (lambda u: gauntlet.craft(None, u, "opt-ipm", f=1, defense="krumm:f=1"), "did you mean 'krum'"),
    ],
)
def test_mistakes_are_told(updates, make, text):
    with pytest.raises(GauntletError, match=text):
        make(updates)


@pytest.mark.parametrize("attack", sorted(gauntlet.methods("attack")))
def test_every_attack_answers_or_says_why(updates, attack):
    try:
        crafted = gauntlet.craft(None, updates, attack, f=2, defense="trimmed-mean:f=2")
    except GauntletError as error:
        assert str(error).strip()
    else:
        assert crafted.rows.shape == (2, 37)
