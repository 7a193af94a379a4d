#!/usr/bin/env python3
"""A second opinion on runtime.schema.json: Python's jsonschema must accept every built-in descriptor
and refuse broken ones, as our own checker does (descriptor_test.cc). Exit 77: no jsonschema here."""

import copy
import json
import os
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    debian = "/usr/bin/python3"
    if sys.executable != debian and os.path.exists(debian):
        os.execv(debian, [debian] + sys.argv)  # the distribution's own has its packages
    print("skipped: there is no Python module jsonschema (Debian: python3-jsonschema)")
    sys.exit(77)

here = pathlib.Path(__file__).parent
schema = json.loads((here / "runtime.schema.json").read_text())
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
wrong = []
for path in sorted((here / "runtimes").glob("*.json")):
    descriptor = json.loads(path.read_text())
    wrong += [f"{path.name}: {error.message}" for error in validator.iter_errors(descriptor)]
    broken = {"no family": lambda d: d.pop("family"),
              "unknown key": lambda d: d.update(extra=1),
              "kind": lambda d: d.update(kind="gui"),
              "run": lambda d: d.update(run=[{"each": "arg", "as": []}]),
              "exit": lambda d: d.update(exit={"trap": ["9"]}),
              "family": lambda d: d.update(family="Upper Case")}
    for name, damage in broken.items():
        damaged = copy.deepcopy(descriptor)
        damage(damaged)
        if validator.is_valid(damaged):
            wrong.append(f"{path.name}: accepted with a broken '{name}'")
print("\n".join(wrong) if wrong else "every descriptor fits the schema, every broken one does not")
sys.exit(1 if wrong else 0)
