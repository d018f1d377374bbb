"""Any record in what JSON knows: the only place that says what becomes of numbers that are none, tuples and numpy's types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> Any:
    """The same in what JSON knows; a number that is not finite becomes null, anything unknown its text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, str | int | bool) or value is None:
        return value
    return plain(value.item()) if hasattr(value, "item") else str(value)


def json_bytes(record: Mapping[str, Any]) -> bytes:
    """A record as a file of JSON in UTF-8."""
    text = json.dumps(plain(record), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode("utf-8", "backslashreplace")  # half a surrogate pair is written just as JSON writes it
