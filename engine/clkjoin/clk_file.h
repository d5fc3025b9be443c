// Files of CLKs as agencies exchange them, and the candidate blocks that may come along.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/bits/matrix.h"
#include "engine/core/bytes.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"

namespace tessera::clkjoin {

// Block names of all parties, numbered from 0 as they are met. Not thread safe.
class BlockNames {
 public:
  std::uint32_t number(std::string_view name);
  std::size_t size() const { return numbers_.size(); }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

// The blocks of each row of one party, sorted, each once.
class RowBlocks {
 public:
  RowBlocks() = default;
  // (row, block) in any order; REQUIRES: rows below `rows`.
  RowBlocks(std::size_t rows, std::vector<std::pair<std::uint32_t, std::uint32_t>> entries);
  std::size_t rows() const { return start_.empty() ? 0 : start_.size() - 1; }
  std::span<const std::uint32_t> of(std::size_t row) const {
    return std::span(blocks_).subspan(start_[row], start_[row + 1] - start_[row]);
  }
  std::size_t entries() const { return blocks_.size(); }

 private:
  std::vector<std::size_t> start_;
  std::vector<std::uint32_t> blocks_;
};

struct ClkFile {
  bits::Matrix matrix;
  RowBlocks blocks;
  bool has_blocks = false;
};

// Reads {"clks": [...]}, {"clknblocks": [[clk, block, ...], ...]} or {"encodings": [...], "blocks":
// {...}}; any other member is skipped. Anything that does not start with "{" is raw filters of
// `bytes_each` bytes, which must then be given (0: refuse). CLKs must all be of one length, at
// most 2,048 bytes; white space inside base64 is allowed. Errors name the row, never the CLK.
Result<ClkFile> read_clks(ByteView file, const std::string& name, std::size_t bytes_each,
                          BlockNames& names, Progress& progress);

// The {"blocks": {"<row>": ["key", ...]}} of anonlink's `block`, for a party of `rows` rows.
Result<RowBlocks> read_blocks(ByteView file, const std::string& name, std::size_t rows,
                              BlockNames& names);

}  // namespace tessera::clkjoin
