"""Random commands on randomly edited projects, checked by laws.

`python -m tests.random_runs --commands 10000 --seed 1` runs episodes, and prints what
was run, what was refused, and each law that did not hold, with a way to see it again.

    edits/      the kinds of edits that people make
    commands    the next command that fits the project
    episode     a new project, then rounds of edits, a command and checks
    laws        what has to hold after each command
    kills       a command that is killed at each write
    shrink      the fewest steps that still break a law
    report      the figures of a run
"""
