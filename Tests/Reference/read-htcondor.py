"""Reads a submit description with HTCondor's own parser, and prints the jobs it makes as JSON.

usage: read-htcondor.py FILE
"""

import json
import os
import sys

os.environ.setdefault("CONDOR_CONFIG", os.devnull)
import classad  # noqa: E402
import htcondor  # noqa: E402



def words(text):
    """The words of an `Arguments` attribute: quotes keep blanks, two of them inside are one."""
    result, word, quoted, position = [], None, False, 0
    while position < len(text):
        letter = text[position]
        if letter == "'":
            word = word or ""
            if quoted and text[position + 1:position + 2] == "'":
                word += "'"
                position += 1
            else:
                quoted = not quoted
        elif letter == " " and not quoted:
            if word is not None:
                result.append(word)
            word = None
        else:
            word = (word or "") + letter
        position += 1
    return result + ([word] if word is not None else [])


submit = htcondor.Submit(open(sys.argv[1], encoding="utf-8").read())
jobs = []
for ad in submit.jobs(count=1, clusterid=7, procid=0, owner="nobody"):
    job = {"words": words(ad["Arguments"])}
    for key in ("Cmd", "Iwd", "Out", "Err", "UserLog", "RequestCpus", "RequestMemory",
                "KillSig", "AllowedJobDuration", "JobMaxRetries", "JobSuccessExitCode"):
        value = ad.get(key)
        job[key] = value if isinstance(value, (int, float, str, type(None))) else str(value)
    # What becomes of a job by how it ended, at its first attempt and at its last.
    for name, by_signal, code, completions in (
        ("success", False, 0, 1), ("stopped", False, 75, 1), ("failed", False, 1, 1), ("input", False, 2, 1),
        ("killed", True, None, 1), ("killedTooOften", True, None, 101),
    ):
        end = classad.ClassAd(str(ad))
        end["ExitBySignal"] = by_signal
        if code is None:
            end["ExitSignal"] = 9
        else:
            end["ExitCode"] = code
        end["NumJobCompletions"] = completions
        end["JobStatus"] = 2
        job[name] = ("hold" if end.eval("OnExitHold") is True
                     else "remove" if end.eval("OnExitRemove") is True else "again")
    jobs.append(job)
print(json.dumps(jobs))
