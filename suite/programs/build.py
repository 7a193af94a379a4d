#!/usr/bin/env python3
"""Builds the programs of this folder, and suite/findings, with Zig 0.14.1 (PyPI package `ziglang`), whose std.Thread
stands on wasi.thread-spawn: a toolchain that weft did not write.

    python3 -m pip install --target /tmp/zig ziglang==0.14.1
    PYTHONPATH=/tmp/zig python3 suite/programs/build.py [--check]

Writes NAME.wasm beside NAME.zig; with --check only compares, and exits 1 on a difference. The
modules are kept in the repository, so that nobody needs the compiler to run them.
"""

import pathlib
import subprocess
import sys
import tempfile

import ziglang

HERE = pathlib.Path(__file__).resolve().parent
ZIG = pathlib.Path(ziglang.__file__).parent / "zig"
# suite/findings: programs that show a fault of the toolchain; they are explored, not tested.
PROGRAMS = sorted(p for folder in (HERE, HERE.parent / "findings") for p in folder.glob("*.zig")
                  if p.stem != "common")
different = 0
for program in PROGRAMS:
    name = program.stem
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder) / f"{name}.wasm"
        subprocess.run(
            [ZIG, "build-exe", f"{name}.zig", "-target", "wasm32-wasi",
             "-mcpu=generic+atomics+bulk_memory", "-fno-single-threaded", "-fstrip",
             "--shared-memory", "--import-memory", "--export-memory",
             "--export=wasi_thread_start", "--max-memory=67108864", "-O", "ReleaseSmall",
             f"-femit-bin={made}"], cwd=program.parent, check=True)
        kept = program.with_suffix(".wasm")
        if "--check" in sys.argv:
            if not kept.exists() or kept.read_bytes() != made.read_bytes():
                print(f"{name}.wasm differs from its source")
                different = 1
        else:
            kept.write_bytes(made.read_bytes())
sys.exit(different)
