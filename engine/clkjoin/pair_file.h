// Candidate pairs in files: anonlink's binary form and CSV. docs/format/clk.md describes both.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "engine/clkjoin/pair.h"
#include "engine/core/bytes.h"
#include "engine/core/result.h"

namespace tessera::clkjoin {

// The four bytes a binary file starts with: version, and the sizes of what follows.
ByteView binary_header();
// 24 bytes a pair, little-endian; appended.
void append_binary(std::span<const Pair> pairs, std::string& out);
// "similarity,dataset0,row0,dataset1,row1" and a line end, numbers as Python prints them; appended.
void append_csv(std::span<const Pair> pairs, std::string& out);

// Reads either form, told apart by the first byte, in pieces, and checks the order before(): a
// solver's result depends on it. Any sizes that anonlink allows are read.
Result<void> read_pairs(ByteView file, const std::string& name,
                        const std::function<Result<void>(std::span<const Pair>)>& take);

}  // namespace tessera::clkjoin
