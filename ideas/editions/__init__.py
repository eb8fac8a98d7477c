"""Editions of the agenda: the live agenda frozen as data (freeze.py), what two of them differ in (diff.py), their pages
(shown.py) and their PDF file (pdf.py). The steps that people take with them stand in ideas/actions/editions.py."""
