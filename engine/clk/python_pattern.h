// Regular expressions of Python's `re`, matched by PCRE2.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace tessera::clk {

// Python patterns in PCRE2's words (see pattern_words.h). Not thread safe: one per thread.
class Pattern {
 public:
  // Error: Python would refuse it, or PCRE2 has no words for it. The message does not quote it.
  static Result<Pattern> compile(const std::string& python, bool ignore_case = false);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  // re.fullmatch(); the text is valid UTF-8.
  bool full_match(std::string_view utf8) const;
  // re.match(): the length matched at the start, or npos. Groups by number hold the last match.
  std::size_t match(std::string_view utf8) const;
  std::string_view group(std::string_view utf8, std::size_t number) const;

 private:
  Pattern();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera::clk
