"""The front end: `streamlit run app.py`, or `alliance app`. The server imports this file; every run of a page executes it."""

import streamlit as st

if __name__ == "__main__":
    from ui.start import run

    run()
else:
    from starlette.middleware import Middleware

    from ui.guard import Guard

    app = st.App(__file__, middleware=[Middleware(Guard)])
