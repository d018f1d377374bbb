"""Schema of what members have to agree to: the settings of consensus, and the sheet `Opt-outs`."""

from model.language.columns import Column, Sheet, share

SETTINGS = (
    Column(
        "consensus",
        "flag",
        "Nobody may perceive more risk in the alliance than `consensus_against` says.",
        default=False,
    ),
    Column(
        "consensus_against",
        "choice",
        "What members compare with: the risk each would face alone, or the risk each perceives with today's forces and no new orders.",
        default="alone",
        choices=("alone", "status quo"),
    ),
    share(
        "consensus_voice",
        "Least part of the voice held by members that perceive no more risk than that; 1 is unanimity, less makes a whole-number rule.",
        default=1.0,
        above=0.0,
    ),
    share(
        "consensus_excess",
        "In place of `consensus_voice`: what members may perceive beyond it, added up by voice, as a risk.",
    ),
    Column(
        "new_orders",
        "flag",
        "Whether anything may be ordered or upgraded; no: what today's forces give as they age.",
        default=True,
    ),
)
"""Settings, in the order they are listed."""

OPT_OUTS = Sheet(
    "Opt-outs",
    "table",
    "Tasks a member stays out of: it contributes nothing to them and owes nothing for them.",
    (
        Column("member", "reference", "The member.", refers="member", required=True),
        Column("task", "reference", "The task it stays out of.", refers="task", required=True),
        Column(
            "still_counts",
            "flag",
            "Whether the member goes on counting the task in the risk it perceives.",
            default=False,
        ),
    ),
    keys=("member", "task"),
    after="Caveats",
)

SHEETS = (OPT_OUTS,)
