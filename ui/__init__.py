"""The Streamlit front end: a session of what-ifs in a browser. The only importer of streamlit."""
