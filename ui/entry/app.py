"""What `alliance app` serves. It stands in a folder of its own, since streamlit puts the script's folder on Python's path."""

from ui.start import run

run()
