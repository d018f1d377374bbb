"""The group that is treated worst: pointed at by branching, named quickly, and bounded when cut short."""

import numpy as np
import pytest

from model.questions.cost_sharing.games import pointing
from model.questions.cost_sharing.games.pointing import _all, _Search, named

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(8))
def test_branching_points_at_the_group_that_looking_at_all_does(seed):
    rng = np.random.default_rng(seed)
    gains = rng.normal(0, 1, (int(rng.integers(1, 12)), int(rng.integers(3, 13))))
    known = frozenset()
    for _ in range(6):  # the best, the best but one, and so on
        (bound, group), (best, found) = _Search(gains, known).run(), _all(gains, known)
        assert bound == pytest.approx(best, abs=1e-6)
        if found is None:
            assert group is None
            return
        assert (gains @ group).min() == pytest.approx((gains @ found).min(), abs=1e-6)
        known |= {found.tobytes()}


def test_where_every_group_is_known_none_is_pointed_at():
    gains, known = np.ones((2, 3)), frozenset()
    for _ in range(6):
        known |= {_all(gains, known)[1].tobytes()}
    assert _all(gains, known) == _Search(gains, known).run() == (-np.inf, None)


@pytest.mark.parametrize("seed", range(4))
def test_branching_cut_short_gives_a_bound_that_is_true(seed, monkeypatch):
    monkeypatch.setattr(pointing, "MOST_NODES", 1)
    gains = np.random.default_rng(seed).normal(0, 1, (10, 12))
    bound, group = _Search(gains, frozenset()).run()
    best, _ = _all(gains)
    assert bound >= best - 1e-9
    assert (gains @ group).min() <= best + 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_what_is_enough_ends_the_search_and_nothing_more_is_overlooked(seed):
    gains = np.random.default_rng(seed).normal(0, 1, (10, 12))
    best, group = _all(gains)
    assert _Search(gains, frozenset(), best + 0.5).run()[0] == pytest.approx(best + 0.5)
    assert _Search(gains, frozenset(), best - 0.1).run()[0] == pytest.approx(best)
    assert _Search(gains, frozenset({group.tobytes()}), best - 9.0).run()[0] < best


def test_a_group_named_quickly_is_one_writes_nothing_and_gains_what_is_said(capfd):
    rng, known = np.random.default_rng(3), frozenset()
    for _ in range(6):
        gains = rng.normal(0, 1, (30, 20)) * rng.lognormal(0, 2, 20)
        gain, group = named(gains[0], gains[0] - gains, known)
        assert gain == pytest.approx((gains @ group).min())
        assert 0 < group.sum() < 20
        assert group.tobytes() not in known
        known |= {group.tobytes()}
    assert capfd.readouterr().out == ""
