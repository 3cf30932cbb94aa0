"""Rules and stages in process."""

import numpy as np
import pytest

import gauntlet_fl as gauntlet
from gauntlet_fl import GauntletError


def test_known_answers():
    rows = np.array([[1, 10], [2, 20], [3, 90], [8, 40]], dtype=np.float32)
    assert gauntlet.aggregate(rows, "mean").update.tolist() == [3.5, 40]
    assert gauntlet.aggregate(rows, "median").update.tolist() == [2.5, 30]
    assert gauntlet.aggregate(rows, "trimmed-mean", f=1).update.tolist() == [2.5, 30]
    assert gauntlet.aggregate(rows).update.tolist() == [3.5, 40]


def test_the_result_is_an_array_too(updates):
    result = gauntlet.aggregate(updates, "median")
    assert np.array_equal(np.asarray(result), np.median(updates, axis=0).astype(np.float32))
    assert np.asarray(result, dtype=np.float64).dtype == np.float64
    assert np.array(result) is not result.update


def test_verdicts(updates):
    result = gauntlet.aggregate(updates, "multi-krum", f=2)
    assert not result.kept[7] and result.dispositions[7] == "rejected"
    assert result.weights[7] == 0 and result.weights.sum() == pytest.approx(1)
    assert np.argmax(result.suspicion) == 7
    assert result.kept.dtype == bool and result.kept.shape == (10,)
    assert result.flags == () and result.left_out == []


def test_a_rule_without_an_opinion_keeps_all(updates):
    result = gauntlet.aggregate(updates, "median")
    assert result.kept.all() and set(result.dispositions) == {"not-judged"}
    assert np.isnan(result.suspicion).all()


def test_stages(updates):
    by_text = gauntlet.aggregate(updates, "mean", stages=["nnm:f=2"])
    by_pair = gauntlet.aggregate(updates, "mean", stages=[("nnm", {"f": 2})])
    mixed = gauntlet.transform(updates, "nnm:f=2")
    assert np.array_equal(by_text.update, by_pair.update)
    distances = ((updates[:, None].astype(float) - updates[None]) ** 2).sum(axis=2)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :8]
    assert np.allclose(mixed, [updates[rows].mean(axis=0) for rows in nearest], atol=1e-5)
    assert np.allclose(by_text.update, mixed.mean(axis=0), atol=1e-5)


def test_a_stage_may_make_fewer_rows(updates):
    assert gauntlet.transform(updates, "bucketing:size=2").shape == (5, 37)


def test_weights_and_root(updates):
    weights = np.arange(10)
    expected = (updates.astype(float) * (weights / weights.sum())[:, None]).sum(axis=0)
    assert np.allclose(gauntlet.aggregate(updates, "mean", weights=weights).update, expected, atol=1e-5)
    assert np.isfinite(gauntlet.aggregate(updates, "fltrust", root=updates[0]).update).all()
    with pytest.raises(GauntletError, match="fltrust: needs what the server's own data gives"):
        gauntlet.aggregate(updates, "fltrust")


def test_some_rules_look_at_models(updates):
    """FLAME compares directions of models, which a large common part makes alike."""
    bare = gauntlet.aggregate(updates, "flame", seed=3)
    alike = gauntlet.aggregate(updates, "flame", seed=3, model=np.full(37, 1000.0))
    assert not np.array_equal(bare.update, alike.update)
    for wrong in (updates[0, 1:], updates[0] * np.nan):
        with pytest.raises(GauntletError, match="model"):
            gauntlet.aggregate(updates, "flame", model=wrong)


def test_rows_that_are_not_finite_are_left_out(updates):
    broken = updates.copy()
    broken[3, 5] = np.nan
    broken[8] = np.inf
    kept = np.delete(updates, [3, 8], axis=0)
    result = gauntlet.aggregate(broken, "multi-krum", f=2)
    assert result.left_out == [3, 8] and not result.kept[[3, 8]].any()
    assert np.array_equal(result.update, gauntlet.aggregate(kept, "multi-krum", f=2).update)
    assert np.isnan(broken[3, 5]), "the caller's array is never changed"
    with pytest.raises(GauntletError, match="no finite update is left"):
        gauntlet.aggregate(np.full((4, 2), np.nan), "mean")


def test_threads_and_layouts_change_nothing(updates):
    wanted = gauntlet.aggregate(updates, "geometric-median", threads=1).update
    wide = np.zeros((10, 74), dtype=np.float32)
    wide[:, ::2] = updates
    shifted = np.frombuffer(b"\0" + updates.tobytes(), dtype=np.uint8)[1:].view(np.float32)
    others = [
        updates.astype(np.float64), np.asfortranarray(updates), wide[:, ::2],
        updates.astype(">f4"), updates.tolist(), [list(row) for row in updates],
        updates[::-1][::-1], shifted.reshape(10, 37),
    ]
    for other in others:
        assert np.array_equal(gauntlet.aggregate(other, "geometric-median").update, wanted)
    for threads in (2, 3, 7):
        again = gauntlet.aggregate(updates, "geometric-median", threads=threads)
        assert np.array_equal(again.update, wanted)
    frozen = updates.copy()
    frozen.flags.writeable = False
    assert np.array_equal(gauntlet.aggregate(frozen, "geometric-median").update, wanted)


def test_a_float32_array_is_read_where_it_is(updates):
    from gauntlet_fl import _arrays

    assert _arrays.matrix(updates, "updates") is updates
    assert not np.shares_memory(_arrays.matrix(updates[:, ::2], "updates"), updates)


@pytest.mark.parametrize("stages", [[], ["clipping:bound=1"], ["nnm:f=2"]])
def test_the_array_of_the_caller_is_not_changed(updates, stages):
    before = updates.copy()
    gauntlet.aggregate(updates, "trimmed-mean", f=2, stages=stages)
    assert np.array_equal(updates, before)


def test_tensors(updates):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    wanted = gauntlet.aggregate(updates, "median").update
    tensor = torch.from_numpy(updates)
    assert np.array_equal(gauntlet.aggregate(tensor, "median").update, wanted)
    assert np.array_equal(gauntlet.aggregate(tensor.requires_grad_(), "median").update, wanted)
    assert np.array_equal(gauntlet.aggregate(list(tensor.unbind()), "median").update, wanted)
    assert gauntlet.aggregate(tensor.bfloat16(), "median").update.shape == (37,)


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda u: gauntlet.aggregate(u, "krumm", f=2), "unknown defense 'krumm'; did you mean 'krum'"),
        (lambda u: gauntlet.aggregate(u, "krum", ff=2), "unknown parameter 'ff'"),
        (lambda u: gauntlet.aggregate(u, "krum"), r"krum: parameter 'f' has to be given"),
        (lambda u: gauntlet.aggregate(u, "krum", f=9), "krum: "),
        (lambda u: gauntlet.aggregate(u, "krum", f=-1), "krum: f is '-1'"),
        (lambda u: gauntlet.aggregate(u, "krum", f=2.5), "krum: f is '2.5'"),
        (lambda u: gauntlet.aggregate(u, "krum", f=float("nan")), "f is nan"),
        (lambda u: gauntlet.aggregate(u, "krum:f=2", f=2), "f is given twice"),
        (lambda u: gauntlet.aggregate(u, "mean", stages=["nnmm:f=2"]), "unknown stage 'nnmm'; did you mean"),
        (lambda u: gauntlet.aggregate(u, "mean", stages=[3]), "a stage is a text"),
        (lambda u: gauntlet.aggregate(u, None), "a method is named by a text"),
        (lambda u: gauntlet.aggregate(u, ""), "names no component"),
        (lambda u: gauntlet.aggregate(u, "mean\0"), "null character"),
        (lambda u: gauntlet.aggregate(u, "x:y=" + "[" * 100_000), "is not name=value|unknown defense"),
        (lambda u: gauntlet.aggregate(u[0], "mean"), r"updates: has the shape \(37,\)"),
        (lambda u: gauntlet.aggregate(u[None], "mean"), r"updates: has the shape \(1, 10, 37\)"),
        (lambda u: gauntlet.aggregate(u[:0], "mean"), "updates: is 0 x 37"),
        (lambda u: gauntlet.aggregate(u[:, :0], "mean"), "updates: is 10 x 0"),
        (lambda u: gauntlet.aggregate([], "mean"), "updates: has the shape"),
        (lambda u: gauntlet.aggregate([[1, 2], [3]], "mean"), "is no array of numbers|real numbers are needed"),
        (lambda u: gauntlet.aggregate(u + 1j, "mean"), "values of type complex"),
        (lambda u: gauntlet.aggregate(u.astype(str), "mean"), "real numbers are needed"),
        (lambda u: gauntlet.aggregate([[object()]], "mean"), "real numbers are needed"),
        (lambda u: gauntlet.aggregate("updates.npy", "mean"), "real numbers are needed"),
        (lambda u: gauntlet.aggregate(np.ma.masked_less(u, 0), "mean"), "masked array"),
        (lambda u: gauntlet.aggregate([[1.0, 2.0], [3.0, 1e300]], "mean"), "row 1, column 1 is 1e"),
        (lambda u: gauntlet.aggregate(u, "mean", weights=[1, 2]), "weights: one for each of 10 rows"),
        (lambda u: gauntlet.aggregate(u, "mean", weights=[-1] + [1] * 9), "weights have to be finite"),
        (lambda u: gauntlet.aggregate(u, "mean", weights=[0] * 10), "weights .* are all 0"),
        (lambda u: gauntlet.aggregate(u, "mean", weights="abc"), "weights: are no numbers"),
        (lambda u: gauntlet.aggregate(u, "fltrust", root=u[0, :5]), "root: has the shape"),
        (lambda u: gauntlet.aggregate(u, "fltrust", root=u[0] * np.nan), "37 finite values"),
        (lambda u: gauntlet.aggregate(u, "mean", threads=0), "threads is 0"),
        (lambda u: gauntlet.aggregate(u, "mean", threads=1.5), "threads is 1.5"),
        (lambda u: gauntlet.aggregate(u, "mean", seed=-1), "seed is -1"),
        (lambda u: gauntlet.transform(u), "a rule, a stage or both are needed"),
        (lambda u: gauntlet.methods("metric"), "the kind of methods has to be"),
    ],
)
def test_mistakes_are_told(updates, make, text):
    with pytest.raises(GauntletError, match=text):
        make(updates)


def test_all_mistakes_at_once(updates):
    with pytest.raises(GauntletError) as caught:
        gauntlet.aggregate(updates, "krumm", stages=["nnmm", "clipping:boundd=1"])
    assert isinstance(caught.value, ValueError)
    assert "krumm" in str(caught.value) and "nnmm" in str(caught.value)
    assert "boundd" in str(caught.value)


@pytest.mark.parametrize("rule", sorted(gauntlet.methods("defense")))
def test_every_rule_answers_or_says_why(updates, rule):
    attempts = [{}, {"f": 2}]
    answers = []
    for parameters in attempts:
        try:
            answers.append(gauntlet.aggregate(updates, rule, root=updates[0], **parameters))
        except GauntletError as error:
            assert str(error).strip()
    for answer in answers:
        assert answer.update.shape == (37,) and answer.update.dtype == np.float32
        assert answer.weights.sum() <= 1 + 1e-9


def test_methods():
    assert list(gauntlet.methods()) == sorted(gauntlet.methods())
    assert "krum" in gauntlet.methods("defense")
    assert "nnm" in gauntlet.methods("stage")
    assert "alie" in gauntlet.methods("attack")
    assert all(summary.endswith(".") for summary in gauntlet.methods("attack").values())
