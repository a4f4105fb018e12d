"""Statistical disclosure control: what may be said of teams in which nobody can be singled out.

Made of ``Contribution``, which has no identity but an opaque key; nothing else tells of teams.
"""
