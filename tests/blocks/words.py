"""Words that nothing says: they rank, praise, judge, or set somebody beside others."""

from __future__ import annotations

import re

NEVER_SAID = re.compile(
    r"\b(scor(e|es|ed)|rank\w*|productiv\w*|roi|caus(e|es|ed)|earn\w*|leaderboard|top \d+|"
    r"congrat\w*|great|awesome|well done|keep it up|"
    r"(than|like|unlike) (your |other |most )?(colleagues?|peers?|teammates?|others)|"
    r"rangliste\w*|produktivit\w*|verursach\w*|verdient\w*|glückwunsch\w*|großartig\w*|"
    r"weiter so|als (deine |die |andere )?(kolleg\w*|anderen)|"
    r"clasificaci\w*|productividad|causad\w*|enhorabuena|felicidades|genial|sigue así|"
    r"que (tus |los |las |otros |otras )?(compañer\w*|demás))\b",
    re.IGNORECASE,
)
