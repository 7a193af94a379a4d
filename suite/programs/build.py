#!/usr/bin/env python3
"""Builds the programs of this folder, and suite/findings, with two toolchains that weft did not
write: Zig 0.14.1 (PyPI package `ziglang`), whose std.Thread stands on wasi.thread-spawn, and
freestanding C with clang 19 and its linker (Debian packages `clang-19`, `lld-19`).

    python3 -m pip install --target /tmp/zig ziglang==0.14.1
    PYTHONPATH=/tmp/zig python3 suite/programs/build.py [--check] [NAME...]

Writes NAME.wasm beside NAME.zig or NAME.c; with --check only compares, and exits 1 on a difference.
The modules are kept in the repository, so that nobody needs the compilers to run them.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
MAX_MEMORY = {".zig": 64 << 20, ".c": 1 << 20}


def zig(source, made):
    import ziglang  # only who builds a .zig needs it
    return [pathlib.Path(ziglang.__file__).parent / "zig", "build-exe", source.name,
            "-target", "wasm32-wasi", "-mcpu=generic+atomics+bulk_memory",
            "-fno-single-threaded", "-fstrip", "--shared-memory", "--import-memory",
            "--export-memory", "--export=wasi_thread_start",
            f"--max-memory={MAX_MEMORY['.zig']}", "-O", "ReleaseSmall", f"-femit-bin={made}"]


def c(source, made):
    linker = ",".join(["--no-entry", "--shared-memory", "--import-memory", "--export-memory",
                       f"--max-memory={MAX_MEMORY['.c']}", "--strip-all"])
    return ["clang-19", "--target=wasm32-wasi", "-std=c17", "-O2", "-Wall", "-Wextra", "-Werror",
            "-matomics", "-mbulk-memory", "-mthread-model", "posix", "-ftls-model=local-exec",
            "-ffreestanding", "-nostdlib", "-nostartfiles", "-fuse-ld=lld", f"-Wl,{linker}",
            source.name, "-o", made]


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--check", action="store_true", help="compare, write nothing")
parser.add_argument("names", nargs="*", metavar="NAME", help="only these programs")
options = parser.parse_args()

# suite/findings: programs that show a fault of the toolchain; they are explored, not tested.
sources = sorted(p for folder in (HERE, HERE.parent / "findings") for p in folder.iterdir()
                 if p.suffix in MAX_MEMORY and p.stem != "common"
                 and (not options.names or p.stem in options.names))
different = 0
for source in sources:
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder) / f"{source.stem}.wasm"
        command = zig(source, made) if source.suffix == ".zig" else c(source, made)
        subprocess.run(command, cwd=source.parent, check=True)
        kept = source.with_suffix(".wasm")
        if not options.check:
            kept.write_bytes(made.read_bytes())
        elif not kept.exists() or kept.read_bytes() != made.read_bytes():
            print(f"{kept.name} differs from its source")
            different = 1
sys.exit(different)
