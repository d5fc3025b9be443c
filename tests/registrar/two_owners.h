// Two owners' files of slips from the made-up samples.
#pragma once

#include <string>
#include <vector>

#include "tests/slips/slips_sample.h"

namespace tessera::test {

// Seeds side by side give the same stream, one step apart.
inline constexpr std::uint64_t kFar = 1000000007;

class TwoOwners {
 public:
  TwoOwners(const std::string& folder, std::size_t each) {
    for (const std::string name : {"south", "north"}) {
      const samples::Parties parties(name);
      reference::Content c = samples::make(samples::kSmallSchema, each, name == "south" ? 1 : kFar);
      c.header.owner = name;
      paths_.push_back(folder + "/" + name);
      if (!samples::write_slips(paths_.back(), c, parties)) std::abort();
      trust_.keys.push_back({name, parties.owner.open.bytes, ""});
    }
    trust_.today = "2026-10-01";
  }
  const std::vector<std::string>& paths() const { return paths_; }
  encoded::Opening opening() const { return {nullptr, &parties_.join, &trust_}; }

 private:
  samples::Parties parties_;
  encoded::Trust trust_;
  std::vector<std::string> paths_;
};

}  // namespace tessera::test
