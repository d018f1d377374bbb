"""What is shown where no plan satisfies the policies: what clashes, and the cheapest ways out as buttons."""

from __future__ import annotations

import streamlit as st

from model.language.registry import PARTS
from model.scenario.levers.edits import OFF, Edit
from model.solve.diagnose import PROVED
from ui import show
from ui.state import Session


def draw(session: Session) -> None:
    """The failing state of a page that needs a plan."""
    plan = session.plan
    if plan.diagnosis is None:
        show.head("Is there a plan?", plan.message or f"The solver ended with: {plan.status}.")
    else:
        show.head("Is there a plan?", "No plan satisfies these policies.")
        show.heading("What cannot hold together")
        for clash in plan.diagnosis.conflict[:8]:
            st.markdown("- " + show.escaped(clash.says + (f" ({clash.where})" if clash.where else "")))
        show.heading("The cheapest ways out")
        for number, way in enumerate(plan.diagnosis.ways_out[:4]):
            _way(session, number, way.rule, way.says)
        st.caption(PROVED)
    if session.edits and st.button("Take the last change back", key="take back", type="primary"):
        session.release(session.edits[-1])
        st.rerun()
    if session.is_changed and st.button("Back to the base", key="back to base"):
        session.release()
        st.rerun()


def _way(session: Session, number: int, rule: str, says: tuple[str, ...]) -> None:
    st.markdown(f"**{number + 1:d}.** " + show.escaped("; ".join(says[:4])))
    if rule in PARTS and PARTS[rule].may_bend:
        label = f"See the plan without this policy ({rule.replace('_', ' ')})"
        if st.button(show.escaped(label), key=f"way {number}"):
            session.pull(Edit("rule", (rule,), OFF))
            st.rerun()
