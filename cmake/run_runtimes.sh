#!/bin/sh
# run_runtimes.sh WEFT ARGUMENT...: `weft run` on real engines as a test of this project. Engines have
# races of their own: a failure that no expectation names must show in a second run of what failed,
# else it is printed and passes. Wrong usage and interruption count at once.
"$@" && exit 0
code=$?
[ "$code" = 2 ] || [ "$code" = 130 ] && exit "$code"
echo "exit code $code: once more, only what failed"
exec "$1" run --progress lines --only-failed latest
