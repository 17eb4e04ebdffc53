"""From domain values to lines of text: pure, without Textual, safe to show.

Whatever comes from the API or a file passes ``domain.text.safe`` here, and nowhere later.
"""
