"""The front end: `streamlit run app.py`, or `alliance app`."""

from ui.start import run

run()
