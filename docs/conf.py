"""Sphinx builds the site from these pages: make docs."""

project = "assent"
author = "the assent authors"
project_copyright = "the assent authors"
extensions = ["myst_parser"]
myst_heading_anchors = 3
myst_links_external_new_tab = False
html_theme = "furo"
html_title = "assent"
html_copy_source = False
exclude_patterns: list[str] = []
nitpicky = True
