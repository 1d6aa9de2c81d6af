"""The question bank as the package ``book_quizzes``: a notebook that runs far from the book has its questions.

Without this file it would be a namespace package, and importlib.resources cannot list one that is installed editable.
"""
