"""Everything that is seen and pressed: the only room that knows Textual.

Data comes from ``desk`` and goes one way: ``render`` (pure, domain values to lines of text), then a widget that
repaints the lines that changed. A decision goes the other way: key, command, ``desk``.
"""
