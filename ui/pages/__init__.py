"""One short script a page: each answers the question in its title."""
