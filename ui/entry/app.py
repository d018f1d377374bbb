"""What `alliance app` serves. It stands in a folder of its own, since streamlit puts the script's folder on Python's path.

The server imports this file; every run of a page executes it.
"""

import streamlit as st

if __name__ == "__main__":
    from ui.start import run

    run()
else:
    from starlette.middleware import Middleware

    from ui.guard import Guard

    app = st.App(__file__, middleware=[Middleware(Guard)])
