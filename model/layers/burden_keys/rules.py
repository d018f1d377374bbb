"""Fair shares: each member's part of the burden under the key that the alliance has agreed."""

from __future__ import annotations

from dataclasses import replace

from model.core.data import Data
from model.core.parameters import BY_COLUMN, part_of_total
from model.language.registry import derived, parameter
from model.layers.burden_keys.keys import fair_shares
from model.scenario.scenario import Scenario


@derived
def key_figures(d: Data) -> Scenario:
    """The scenario as burden keys see it.

    The columns keys may read are named here, where it is seen which figures an edit moves; keys are shown no others.
    """
    columns = (
        "gdp", "income", "population", "border", "debt", "custom_key", "groups", "priority", "consequence", "probability",
        "task_situation", "key_rule", "key_by", "key_amount", "key_limit", "key_group", "key_borne_by",
    )  # fmt: skip
    known = {name: d.scenario.values[name] for name in columns if name in d.scenario.values}
    return replace(d.scenario, values=known)


@derived
def shares_in_steps(d: Data) -> dict[str, float]:
    """Fair shares by member under a burden key that is reckoned in steps."""
    return fair_shares(d.key_figures)


@parameter("fraction of 1", symbol=r"\kappa")
def fair_share(d: Data, member: str) -> float:
    r"""A member's part of the burden under the chosen key.

    .. math:: \sum_m \kappa_m = 1
    """
    key = d.settings["burden_key"]
    return part_of_total(d, key, member) if key in BY_COLUMN else d.shares_in_steps[member]
