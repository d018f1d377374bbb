"""The public interface: one list of names, documented, there at once."""

import subprocess
import sys

import pytest

import model


def test_every_public_name_is_there_once_and_documented():
    placed = [name for names in model._PLACES.values() for name in names]
    assert sorted(placed) == sorted(model.__all__)
    assert len(set(placed)) == len(placed)
    for name in set(model.__all__) - {"__version__"}:
        assert (getattr(model, name).__doc__ or "").strip().endswith("."), name
    assert set(model.__all__) <= set(dir(model))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = model.nonsense


def test_whatever_goes_wrong_is_one_error():
    for name in ("WorkbookError", "UsageError", "OutputError", "SolverError"):
        assert issubclass(getattr(model, name), model.AllianceError)


@pytest.mark.slow
def test_the_package_alone_loads_nothing():
    code = (
        "import sys, model; "
        "print(*sorted(name for name in sys.modules if name.partition('.')[0] in {'model', 'numpy', 'pandas', 'scipy'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["model"]
