"""Outlines of countries, made once from public-domain data, and the names they go by."""
