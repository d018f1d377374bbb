"""Workbooks: read with every fault at its cell, and written."""
