#!/usr/bin/env bash
# The quick checks, also fit for a git hook: layout, layers, units, docs. Usage: check.sh BUILD_FOLDER
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
find engine matchers cli bench tests -name '*.h' -o -name '*.cpp' | sort |
  xargs clang-format --dry-run -Werror || {
  echo "tests/check.sh: './run format' lays these files out" >&2
  exit 1
}
ctest --test-dir "$1" --output-on-failure -j "$(nproc)" -L 'frame|unit|docs' -LE slow
