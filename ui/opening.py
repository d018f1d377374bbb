"""A workbook of one's own: dropped, checked, and either solved and put on screen or given back with its faults marked."""

from __future__ import annotations

import streamlit as st

from model.language.faults import AllianceError
from model.report import brief
from model.workbook.write.annotate import annotated
from ui import show
from ui.editing import FAULTS_SHOWN, fault_frame
from ui.solved import shipped, solve
from ui.state import Session
from ui.uploads import LARGEST_MEGABYTES, MOST_UPLOADS, Upload, received, with_upload
from ui.work import begin_beside, beside

WORK = "solve upload"
LATEST, COUNT = "latest upload", "uploads so far"


def draw(session: Session) -> None:
    """The place to drop a workbook, what became of the last one, and those this session holds."""
    count = st.session_state.setdefault(COUNT, 0)
    file = st.file_uploader(
        "Drop a scenario workbook (.xlsx)", type=["xlsx"], key=f"upload {count}", max_upload_size=LARGEST_MEGABYTES,
        help=f"At most {LARGEST_MEGABYTES} MB. It is checked before it is opened, and macros are never run.",
    )  # fmt: skip
    show.note(
        f"What you drop stays in the server's memory for this session alone, at most {MOST_UPLOADS} workbooks; nothing of it is kept "
        "on a disk, and all of it is gone when you close the session or leave it for two hours. Somebody you send this page's "
        "address gets the workbook on screen with its edits and the what-ifs kept of it, and none of your other workbooks."
    )
    if file is not None:
        with st.spinner("Checking the workbook …"):
            new = received(file.name, file.getvalue(), tuple(shipped()))
        session.uploads = with_upload(session.uploads, new)
        st.session_state[COUNT], st.session_state[LATEST] = count + 1, new.name
        if new.scenario is not None:
            _begin(session, new)
        st.rerun()  # with a fresh field, so that the server drops its own copy
    _progress(session)
    latest = session.uploads.get(st.session_state.get(LATEST, ""))
    if latest is not None:
        on_screen = latest.name == session.source and session.opened is latest.scenario
        _verdict(latest, brief.no_plan(session.base) if on_screen and not session.base.found else "")
    _held(session)


def _begin(session: Session, upload: Upload) -> None:
    scenario = upload.scenario
    if scenario is not None:
        if WORK in session.tasks:
            session.tasks.pop(WORK).stop.set()
        st.session_state["opening"] = upload.name
        begin_beside(session, WORK, lambda watch: solve(scenario, watch))


def _progress(session: Session) -> None:
    solved = beside(session, WORK)
    if solved is not None:
        session.open(st.session_state.pop("opening", solved.scenario.name), solved)
        if session.base.found:
            st.toast("The workbook is solved and on screen; the pages above show its plan.", icon=":material/check:")
        st.rerun()


def _verdict(upload: Upload, no_plan: str) -> None:
    """What the check found in a workbook, with the annotated copy to download. ``no_plan`` says why it has no plan, if it has none."""
    others = len(upload.faults) - upload.errors
    if upload.errors:
        said = f"{upload.name} cannot be solved yet: {upload.errors} to correct" + (
            f", {others} to look at" if others else ""
        )
        st.error(show.escaped(said + "."), icon=":material/error:")
    elif no_plan:
        st.error(
            show.escaped(f"{upload.name} is open, and there is no plan for it. {no_plan}"), icon=":material/block:"
        )
    elif others:
        st.warning(show.escaped(f"{upload.name} is in order, with {others} to look at."), icon=":material/warning:")
    else:
        st.success(show.escaped(f"{upload.name} is in order."), icon=":material/check_circle:")
    if not upload.faults:
        return
    frame = fault_frame(upload.faults)
    st.dataframe(frame, hide_index=True, width="stretch", key="faults of upload", **FAULTS_SHOWN)
    if not upload.data:
        return
    if st.button("Make a copy with these cells marked", key="annotate"):
        try:
            with st.spinner("Marking the cells …"):
                st.session_state["annotated"] = upload, annotated(upload.data, upload.faults)
        except AllianceError as failure:
            st.error(show.escaped(failure), icon=":material/error:")
    made_for, content = st.session_state.get("annotated", (None, b""))
    if made_for is upload:
        stem = upload.name.rpartition(".")[0]
        show.download("Download the annotated copy", lambda: content, f"{stem}_faults.xlsx", "annotated copy")


def _held(session: Session) -> None:
    """The workbooks of this session: open one again, or have it forgotten."""
    if not session.uploads:
        return
    show.heading("Workbooks of this session")
    for upload in reversed(session.uploads.values()):
        name, openable, forget = st.columns([6, 2, 2], vertical_alignment="center")
        state = f"{upload.errors} to correct" if upload.scenario is None else "in order"
        on_screen = ", on screen" if upload.name == session.source else ""
        name.markdown(show.escaped(f"{upload.name} ({len(upload.data) / 1e6:.2g} MB): {state}{on_screen}"))
        unable = upload.scenario is None or WORK in session.tasks
        if openable.button("Open", key=f"open {upload.name}", disabled=unable, width="stretch"):
            _begin(session, upload)
            st.rerun()
        if forget.button("Forget", key=f"forget {upload.name}", width="stretch"):
            session.uploads.pop(upload.name)
            st.session_state.pop("annotated", None)
            st.rerun()
