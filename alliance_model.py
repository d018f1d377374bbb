"""The name the package has where it is installed, for a checkout: imports and `python -m alliance_model` read alike in both."""

from model import __all__ as __all__
from model import __dir__ as __dir__
from model import __getattr__ as __getattr__

if __name__ == "__main__":
    from model.cli import main

    main()
