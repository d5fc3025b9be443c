// How long work tells whoever waits: the engine counts, the command line draws.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace tessera {

// One stage of work at a time. advance() may be called from any thread, begin() from one.
class Progress {
 public:
  virtual ~Progress() = default;
  // A new stage ("reading", "pass dob_last") of `total` steps of `unit`; 0 = unknown.
  virtual void begin(std::string_view stage, std::uint64_t total, std::string_view unit) = 0;
  virtual void advance(std::uint64_t steps) = 0;
};

// For callers that do not care.
class Silent final : public Progress {
 public:
  void begin(std::string_view, std::uint64_t, std::string_view) override {}
  void advance(std::uint64_t) override {}
};

}  // namespace tessera
