#!/usr/bin/env python3
"""Installs the library, builds the program of docs/embedding.md against it, runs it, and checks
what it prints. Arguments: source folder, build folder, cmake, C++ compiler."""

import pathlib
import re
import shutil
import subprocess
import sys

source, build, cmake, compiler = sys.argv[1:]
work = pathlib.Path(build) / "embedding_test"
shutil.rmtree(work, ignore_errors=True)
(work / "use").mkdir(parents=True)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


page = (pathlib.Path(source) / "docs/embedding.md").read_text(encoding="utf-8")
program = re.search(r"```cpp\n(.*?)```", page, re.DOTALL).group(1)
use = re.search(r"```cmake\n(.*?)```", page, re.DOTALL).group(1)
(work / "use/my_tool.cc").write_text(program, encoding="utf-8")
(work / "use/CMakeLists.txt").write_text(
    "cmake_minimum_required(VERSION 3.22)\nproject(use CXX)\nadd_executable(my_tool my_tool.cc)\n" + use,
    encoding="utf-8")
run(cmake, "--install", build, "--prefix", str(work / "installed"), "--component", "library")
run(cmake, "-S", str(work / "use"), "-B", str(work / "build"), f"-DCMAKE_CXX_COMPILER={compiler}",
    f"-DCMAKE_PREFIX_PATH={work / 'installed'}", "-DCMAKE_CXX_FLAGS=-O1 -Wall -Wextra -Werror")
run(cmake, "--build", str(work / "build"))
printed = run(str(work / "build/my_tool")).splitlines()
expected = ["load at 0", "load at 0", "store at 0", "store at 0"]
if printed[:4] != expected or not printed[-1].startswith("exit 1 after "):
    sys.exit(f"expected two loads before two stores and exit 1, got {printed}")
print("\n".join(printed))
