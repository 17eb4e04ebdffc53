"""What a reservation means.

Pure: no I/O, no clock (now is always an argument), no Textual and no httpx. Times are aware and in UTC; whoever shows
one to a person gives it a zone there.
"""
