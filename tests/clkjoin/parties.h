// The three parties of the linkage vectors, and small helpers for this room's tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/clkjoin/clk_file.h"
#include "engine/clkjoin/pair_file.h"
#include "engine/core/file.h"
#include "engine/core/json.h"

namespace tessera::clkjoin {

inline std::string golden(const std::string& name) {
  auto text = read_file(std::string(TESSERA_TEST_DATA) + "/golden/clk/linkage_3party/" + name);
  REQUIRE_MESSAGE(text, name);
  return *text;
}

inline ClkFile read(const std::string& text, BlockNames& names, std::size_t bytes_each = 0) {
  Silent silent;
  auto file = read_clks(as_bytes(text), "x.json", bytes_each, names, silent);
  REQUIRE_MESSAGE(file, (file ? std::string() : file.error().what));
  return *std::move(file);
}

inline std::vector<bits::Matrix> parties() {
  BlockNames names;
  std::vector<bits::Matrix> out;
  for (const std::string p : {"a", "b", "c"})
    out.push_back(read(golden("clks_" + p + ".json"), names).matrix);
  return out;
}

inline std::vector<Pair> pairs_in(const std::string& file) {
  std::vector<Pair> out;
  const auto done =
      read_pairs(as_bytes(file), "pairs", [&](std::span<const Pair> some) -> Result<void> {
        out.insert(out.end(), some.begin(), some.end());
        return {};
      });
  REQUIRE_MESSAGE(done, (done ? std::string() : done.error().what));
  return out;
}

}  // namespace tessera::clkjoin
