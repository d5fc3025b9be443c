#!/bin/sh
# The bits room compiled for 64-bit ARM and its tests run under emulation, kernel "neon" among
# them. Exit 77 (skipped) where the cross compiler or the emulator is not installed (Debian:
# g++-aarch64-linux-gnu, qemu-user-static).
#
# usage: neon.sh TREE BUILD_FOLDER
set -eu
tree=$1
out=$2/neon
compiler=$(command -v aarch64-linux-gnu-g++) || exit 77
emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || exit 77
header=$(echo '#include <doctest/doctest.h>' | c++ -x c++ -M - | tr ' ' '\n' | grep doctest/doctest.h | head -n 1)
mkdir -p "$out/include"
ln -sfn "$(dirname "$header")" "$out/include/doctest" # not all of the host's headers
cd "$tree"
flags="-std=c++20 -O1 -Wall -Wextra -Werror -static -I . -I $out/include -DTESSERA_PLAIN_THREADS"
engine="engine/bits/*.cpp engine/core/parallel.cpp"
# shellcheck disable=SC2086
"$compiler" $flags tests/doctest_main.cpp tests/bits/*_test.cpp $engine -o "$out/bits_test"
# shellcheck disable=SC2086
"$compiler" $flags tests/fuzz/bits_kernels_fuzz.cpp tests/fuzz/corpus_runner.cpp $engine -o "$out/fuzz"
"$emulator" "$out/bits_test"
"$emulator" "$out/fuzz" tests/fuzz/corpus/bits_kernels
