#!/usr/bin/env python3
"""Checks what the house asks of every file: who may include whom, the size of files, the first
comment, the length of docs pages. Prints one line a violation; exit 1 if there is one."""

import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()

# A room may include itself and the rooms to its right.
HOUSE = ["cli", "fuzz", "results", "runners", "suite", "reference"]
# Inside reference/: what each folder must not include.
REFERENCE_FORBIDS = {
    "base": ["module", "machine", "wasi", "schedule", "model", "embed"],
    "module": ["machine", "wasi", "schedule", "model", "embed"],
    "machine": ["wasi", "schedule", "model", "embed"],
    "wasi": ["schedule", "model"],
    "schedule": ["wasi", "model"],
    "model": ["wasi", "schedule", "module", "machine", "embed"],
}
# Includes inside a room that are forbidden besides: (folder, forbidden prefix, why).
FORBIDDEN = [
    ("runners/", "suite/oracle", "runners know no oracles"),
    ("runners/", "suite/litmus", "runners include suite/test only"),
    ("reference/machine/", "<thread>", "machine knows no OS threads"),
]
MOST_LINES = 700
DOCS_LINES = 60

violations = []


def complain(path, line, text):
    violations.append(f"{path.relative_to(ROOT)}:{line}: {text}")


def sources():
    for room in HOUSE:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in (".cc", ".h") and path.is_file():
                yield room, path


for room, path in sources():
    relative = path.relative_to(ROOT).as_posix()
    test_or_fuzz = path.stem.endswith(("_test", "_fuzz", "_bench"))
    lines = path.read_text(encoding="utf-8").splitlines()
    if len(lines) > MOST_LINES:
        complain(path, len(lines), f"{len(lines)} lines, at most {MOST_LINES}: more than one idea?")
    if path.suffix == ".h" and not lines[0].startswith("//"):
        complain(path, 1, "a header begins with a comment: what it owns and must not know")
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s+(?:"([^"]+)"|(<[^>]+>))', line)
        if not match:
            continue
        included = match.group(1) or match.group(2)
        target = included.split("/")[0]
        if target in HOUSE and HOUSE.index(target) < HOUSE.index(room):
            complain(path, number, f"{room} must not know {target} (includes {included})")
        parts = relative.split("/")
        if room == "reference" and target == "reference" and not test_or_fuzz:
            folder, other = parts[1], included.split("/")[1]
            if other in REFERENCE_FORBIDS.get(folder, []):
                complain(path, number, f"reference/{folder} must not know reference/{other}")
        for prefix, forbidden, why in FORBIDDEN:
            if relative.startswith(prefix) and included.startswith(forbidden) and not test_or_fuzz:
                complain(path, number, f"{why} (includes {included})")
        if included.startswith("wabt/") and not test_or_fuzz:
            if not relative.startswith(("reference/module/", "fuzz/")):
                complain(path, number, "WABT is used in reference/module only")

for path in sorted((ROOT / "docs").glob("*.md")):
    length = len(path.read_text(encoding="utf-8").splitlines())
    if length > DOCS_LINES:
        complain(path, length, f"{length} lines, a page has at most {DOCS_LINES}")

print("\n".join(violations) if violations else "the tree is as the house asks")
sys.exit(1 if violations else 0)
