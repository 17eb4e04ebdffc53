"""Settings with provenance, the folders, the key and the log: what the program is told before it does anything.

Knows ``domain`` alone. Everything wrong that a person can mend is a ``ConfigError`` with one sentence that says where.
"""
