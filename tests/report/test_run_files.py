"""The files of a run: an earlier result stays unless it is untouched and comes out the same again."""

import json

import pytest

from model.language.faults import OutputError
from model.report.run_files import refuse_folder, write_run_files

FILES = {"x_solution.xlsx": b"a workbook", "x_tables/held.csv": b"1\n"}
RECORD = {
    "command": "solve",
    "arguments": {"off": None},
    "workbook": {"path": "/a", "sha256": "1"},
    "seconds": {"all": 1.0},
}


def again(folder, files=FILES, **record):
    return write_run_files(folder, "x", files, {**RECORD, **record})


def kept(folder):
    return sorted(path.name for path in (folder / "earlier").iterdir()) if (folder / "earlier").exists() else []


def test_the_record_names_every_file_by_its_content(tmp_path):
    paths = again(tmp_path).paths
    record = json.loads(paths[-1].read_bytes())
    assert [path.name for path in paths] == ["x_solution.xlsx", "held.csv", "x_run.json"]
    assert set(record["files"]) == set(FILES)
    assert record["workbook"] == RECORD["workbook"]


def test_the_same_run_again_replaces_itself(tmp_path):
    again(tmp_path)
    place = {**RECORD["workbook"], "path": "/b"}
    assert again(tmp_path, seconds={"all": 2.0}, workbook=place).earlier is None
    assert again(tmp_path, {**FILES, "x_solution.xlsx": b"with other times"}).earlier is None
    assert kept(tmp_path) == []


@pytest.mark.parametrize("name", ["x_solution.xlsx", "x_tables/held.csv", "x_run.json"])
def test_what_somebody_typed_is_kept(tmp_path, name):
    again(tmp_path)
    typed = (tmp_path / name).read_bytes().replace(b"{", b'{"note": "typed",', 1) + b" "
    (tmp_path / name).write_bytes(typed)
    place = again(tmp_path).earlier
    assert (place / name).read_bytes() == typed
    assert {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()} == {*FILES, "x_run.json"}
    record = json.loads((tmp_path / "x_run.json").read_bytes())
    assert (tmp_path / record["earlier"]).resolve() == place
    assert again(tmp_path).earlier is None
    assert json.loads((tmp_path / "x_run.json").read_bytes())["earlier"] == record["earlier"]


@pytest.mark.parametrize(
    "other",
    [
        {"workbook": {"path": "/a", "sha256": "2"}},
        {"arguments": {"off": ["rule"]}},
        {"versions": {"highspy": "2"}},
        {"measures": {"risk": 0.5}},
        {"files": {**FILES, "x_tables/held.csv": b"2\n"}},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_result_is_kept(tmp_path, other):
    again(tmp_path)
    place = again(tmp_path, **other).earlier
    assert (place / "x_tables" / "held.csv").read_bytes() == b"1\n"


def test_files_of_an_earlier_run_do_not_stand_beside_a_new_one(tmp_path):
    again(tmp_path)
    (tmp_path / "mine.txt").write_bytes(b"mine")
    place = again(tmp_path, {"x_solution.xlsx": b"another"}).earlier
    assert (place / "x_tables" / "held.csv").exists()
    assert not (tmp_path / "x_tables").exists()
    assert (tmp_path / "mine.txt").exists()


def test_results_from_before_there_were_records_are_kept(tmp_path):
    (tmp_path / "x_solution.xlsx").write_bytes(b"from before")
    assert (again(tmp_path).earlier / "x_solution.xlsx").read_bytes() == b"from before"


@pytest.mark.parametrize("text", ['{"files": {"../out.txt": 1, "a\\u0000b": 1}}', "[]", '{"files": 3}', "{", "null"])
def test_a_record_that_is_none_harms_nothing(tmp_path, text):
    folder, outside = tmp_path / "in", tmp_path / "out.txt"
    folder.mkdir()
    outside.write_bytes(b"outside")
    (folder / "x_run.json").write_text(text)
    assert (again(folder).earlier / "x_run.json").read_text() == text
    assert outside.read_bytes() == b"outside"


def test_a_folder_that_cannot_be_one_is_refused_before_anything_is_calculated(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="is a file"):
        refuse_folder(tmp_path / "file" / "out")
    refuse_folder(tmp_path / "new" / "out")
    assert not (tmp_path / "new").exists()
