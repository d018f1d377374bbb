"""What a sweep is to run: grids, lists, draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.language.faults import UsageError
from model.questions.sweep.design import grid, listed, sample
from model.questions.sweep.runs import Job, distance, from_neighbour_to_neighbour
from model.scenario.levers.edits import Edit, parse_edit


def values(design):
    return [tuple(edit.value for edit in run) for run in design.runs]


def test_a_grid_is_every_combination_and_the_last_lever_moves_fastest():
    design = grid(["budget[Poland]=0.8,1", "requirement=0.9,1,1.1"])
    assert values(design) == [(0.8, 0.9), (0.8, 1.0), (0.8, 1.1), (1.0, 0.9), (1.0, 1.0), (1.0, 1.1)]
    assert design.names == ("budget[Poland]", "requirement")
    assert design.runs[0][0] == parse_edit("budget[Poland]=0.8")


def test_a_range_with_steps_is_even_and_ends_where_it_says():
    assert values(grid(["budget=0.8..1.2/5"])) == [(0.8,), (0.9,), (1.0,), (1.1,), (1.2,)]


def test_draws_are_the_same_for_the_same_seed_and_a_longer_sample_begins_with_a_shorter():
    texts = ["budget=0.8..1.2", "requirement=0.9,1,1.1"]
    assert values(sample(texts, 50, 3)) == values(sample(texts, 50, 3))
    assert values(sample(texts, 20, 3)) == values(sample(texts, 50, 3))[:20]
    assert values(sample(texts, 50, 4)) != values(sample(texts, 50, 3))
    drawn = np.array(values(sample(texts, 2000, 1)))
    assert drawn[:, 0].min() >= 0.8
    assert drawn[:, 0].max() <= 1.2
    assert abs(drawn[:, 0].mean() - 1.0) < 0.01
    assert set(drawn[:, 1]) == {0.9, 1.0, 1.1}
    assert abs((drawn[:, 1] == 0.9).mean() - 1 / 3) < 0.04


def test_a_latin_hypercube_has_one_draw_in_each_part_of_every_range():
    drawn = np.array(values(sample(["budget=0.8..1.2", "requirement=1..3"], 40, 7, latin=True)))
    for column, (low, high) in zip(drawn.T, ((0.8, 1.2), (1.0, 3.0)), strict=True):
        parts = np.floor((column - low) / (high - low) * 40)
        assert sorted(parts) == list(range(40))


@pytest.mark.parametrize("count", [1, 2, 20, 33, 64])
def test_a_sobol_sequence_is_that_of_its_seed_and_goes_on_where_a_shorter_one_ends(count):
    texts = ["budget=0.8..1.2", "requirement=1..3", "withdraw=A,B"]
    drawn = values(sample(texts, count, 5, sobol=True))
    assert len(drawn) == count
    assert drawn == values(sample(texts, 100, 5, sobol=True))[:count]
    assert drawn != values(sample(texts, count, 6, sobol=True))
    if count == 64:  # a net: one draw in each of 64 parts of a range, one in each of 8 x 8 parts of two
        places = (np.array([run[:2] for run in drawn], dtype=float) - (0.8, 1.0)) / (0.4, 2.0)
        assert sorted(np.floor(places[:, 0] * 64)) == list(range(64))
        assert len({tuple(cell) for cell in np.floor(places * 8).tolist()}) == 64
        assert sum(run[2] == "A" for run in drawn) == 32


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_list_is_read_from_csv_and_blanks_leave_the_lever_alone(tmp_path, delimiter):
    path = tmp_path / "runs.csv"
    lines = [("budget[Poland]", '"requirement[tanks, a task]"'), ("0.8", ""), ("", "1.2"), ("1", "1")]
    path.write_text("\ufeff" + "\n".join(delimiter.join(line) for line in lines) + "\n", encoding="utf-8")
    design = listed(path)
    assert values(design) == [(0.8,), (1.2,), (1.0, 1.0)]
    assert design.names == ("budget[Poland]", "requirement[tanks, a task]")


def test_round_brackets_name_what_moves_in_lists_and_grids(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text("budget(Northland);requirement\n0.5;1.1\n", encoding="utf-8")
    assert listed(path).names == ("budget[Northland]", "requirement")
    assert grid(["budget(Egypt, Arab Rep.)=0.8,0.9"]).names == ("budget[Egypt, Arab Rep.]",)
    assert grid(["budget(Egypt, Arab Rep.)=0.8..1.2/3"]).names == ("budget[Egypt, Arab Rep.]",)
    assert values(grid(['withdraw="Egypt, Arab Rep.",Canada'])) == [("Egypt, Arab Rep.",), ("Canada",)]


@pytest.mark.parametrize(
    "text",
    [
        "budget",
        "budget[Poland]",
        "budget=",
        "=1",
        "budget=0.8,,1",
        "budget=0.8,0.8",
        "budget=1.2..0.8",
        "budget=a..b",
        "budget=0.8..1.2/1",
        "budget=0.8..1.2/x",
        "budget=0.8..nan",
        "gravity=1,2",
        "budget=much",
    ],
)
def test_what_cannot_be_read_is_said(text):
    with pytest.raises(UsageError):
        grid([text])


def test_other_slips_are_said(tmp_path):
    with pytest.raises(UsageError, match="needs levers"):
        grid([])
    with pytest.raises(UsageError, match="has a range"):
        grid(["budget=0.8..1.2"])
    with pytest.raises(UsageError, match="set twice"):
        grid(["budget[A]=1", "budget[A]=2"])
    with pytest.raises(UsageError, match="at most"):
        grid(["budget=0.1..1/2000", "requirement=0.1..1/2000"])
    with pytest.raises(UsageError, match="at least one"):
        sample(["budget=0.8..1.2"], 0)
    with pytest.raises(UsageError, match="leave one"):
        sample(["budget=0.8..1.2"], 3, latin=True, sobol=True)
    with pytest.raises(UsageError, match="seed"):
        sample(["budget=0.8..1.2"], 3, seed=-1)
    with pytest.raises(UsageError, match="cannot be read"):
        listed(tmp_path / "nowhere.csv")
    path = tmp_path / "runs.csv"
    for text, said in [
        ("budget\n", "first line"),
        ("budget,budget\n1,1\n", "twice"),
        ("budget\n1,2\n", "Row 2"),
        ("budget\n1\nmuch\n", "Row 3"),
    ]:
        path.write_text(text)
        with pytest.raises(UsageError, match=said):
            listed(path)


def test_runs_are_walked_from_neighbour_to_neighbour():
    """On a line: from the base (1.0) to 0.98, on to 0.9 (0.08 away, not 1.1), and the far side last."""
    values = (1.1, 0.9, 0.98, 1.2)
    jobs = [Job(str(value), (Edit("budget", ("Midland",), value),)) for value in values]
    assert [job.key for job in from_neighbour_to_neighbour(jobs)] == ["0.98", "0.9", "1.1", "1.2"]


def test_two_lanes_are_the_halves_of_one_walk_taking_turns():
    jobs = [Job(str(n), (Edit("budget", ("Midland",), 1 + n / 100),)) for n in range(5)]
    assert [job.key for job in from_neighbour_to_neighbour(jobs, 2)] == ["0", "3", "1", "4", "2"]
    assert [job.key for job in from_neighbour_to_neighbour(jobs, 9)] == ["0", "1", "2", "3", "4"]
    assert from_neighbour_to_neighbour([], 2) == []


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    Edit("budget", ("A",), 0.9),
                    Edit("budget", ("B",), 1.2),
                    Edit("unit_cost", (), 1.1),
                    Edit("withdraw", (), "A"),
                    Edit("max_share", (), 0.5),
                ]
            ),
            max_size=3,
            unique_by=lambda edit: (edit.lever, edit.targets),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_each_step_of_the_walk_goes_to_the_nearest_left(designs):
    jobs = [Job(str(number), tuple(edits)) for number, edits in enumerate(designs)]
    walk = from_neighbour_to_neighbour(jobs)
    assert sorted(job.key for job in walk) == sorted(job.key for job in jobs)
    here: tuple[Edit, ...] = ()
    for number, job in enumerate(walk):
        nearest = min(distance(here, other.edits) for other in walk[number:])
        assert distance(here, job.edits) == pytest.approx(nearest)
        here = job.edits
