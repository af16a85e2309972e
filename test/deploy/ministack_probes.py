"""Whether MiniStack still differs from AWS: one probe for each row of ministack-differences.ts.

Takes the address and the certificate; prints a JSON object: name -> true (still so), false, or what went wrong.
Every probe is a small story in an account of its own.
"""
import json

import probes_completed  # noqa: F401  each module adds its probes
import probes_open  # noqa: F401
from probe_tools import ACCOUNTS, PROBES


def ask(story):
    try:
        return story(next(ACCOUNTS))
    except Exception as error:  # what went wrong is the answer
        return f"{type(error).__name__}: {error}"


print(json.dumps({name: ask(story) for name, story in PROBES.items()}))
