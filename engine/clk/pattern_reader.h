// Reads a Python pattern and writes PCRE2's: the parser behind pattern_words().
//
// One pass over the pattern, as Python's own parser goes. The widths of groups are kept because
// Python looks behind by a fixed number of characters only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "engine/clk/pattern_words.h"

namespace tessera::clk {

// In characters. As wide as one likes: kNoEnd.
struct PatternWidth {
  static constexpr std::uint64_t kNoEnd = 1U << 31;
  std::uint64_t least = 0, most = 0;
};

// What is being read: the whole pattern, or a group that is open.
struct PatternFrame {
  char kind = '(';  // '(' captures, ':' does not, '=' looks about, '<' looks behind, '?' asks
  std::uint32_t number = 0;  // of a capturing group
  bool verbose = false, ignore_case = false;
  std::size_t branches = 1;
  std::uint32_t groups_before = 0;
  PatternWidth branch, group;  // of the branch so far; of the branches before it
};

class PatternReader {
 public:
  PatternReader(std::string_view python, bool ignore_case) : s_(python) {
    out_.ignore_case = ignore_case;
    frames_.emplace_back();
    top().ignore_case = ignore_case;
  }
  Result<PatternWords> read();

 private:
  enum class Last { nothing, place, item, repeat };  // what a repeat would repeat

  static Error bad() {
    return {ErrorCode::format, "a pattern is no regular expression that Python would accept", ""};
  }
  static Error unknown(std::string_view what) {
    return {ErrorCode::format, fmt::format("a pattern has {}, which is not supported here", what),
            ""};
  }
  PatternFrame& top() { return frames_.back(); }
  bool at_end() const { return i_ == s_.size(); }
  bool take(std::string_view text) {
    if (!s_.substr(i_).starts_with(text)) return false;
    i_ += text.size();
    return true;
  }
  void item(std::string_view text, PatternWidth width = {1, 1}) {
    out_.text += text;
    add(top().branch, width);
    last_ = Last::item;
    width_ = width;
  }
  void place(std::string_view text) {
    out_.text += text;
    last_ = Last::place;
  }
  static void add(PatternWidth& to, PatternWidth more) {
    to.least = std::min(to.least + more.least, PatternWidth::kNoEnd);
    to.most = std::min(to.most + more.most, PatternWidth::kNoEnd);
  }

  std::size_t unescaped(std::size_t at, char c) const;
  bool skip_verbose();
  Result<void> step();
  Result<void> flags_of_all();
  Result<void> open();
  Result<void> open_flags();
  Result<void> open_question();
  Result<void> name(char end, std::string& out);
  void push(char kind, std::string_view words);
  Result<void> close();
  void end_branch();
  Result<void> reference(std::uint32_t group);
  Result<void> escape();
  Result<std::optional<char32_t>> code(char c, bool in_list);
  Result<std::uint32_t> hexadecimal(std::size_t digits);
  Result<void> list();
  Result<std::optional<char32_t>> list_part(std::string& words);
  Result<bool> repeat();
  std::string literal(char32_t c) const;
  void same_in_other_case(char32_t low, char32_t high, std::string& words) const;

  std::string_view s_;
  std::size_t i_ = 0;
  PatternWords out_;
  std::vector<PatternFrame> frames_;
  std::vector<std::optional<PatternWidth>> groups_{std::nullopt};  // by number; none: open
  std::map<std::string, std::uint32_t> names_;
  std::uint32_t asked_ = 0;  // the highest group that a question asks about
  Last last_ = Last::nothing;
  PatternWidth width_;
  bool refers_ = false, ignores_case_ = false;
};

}  // namespace tessera::clk
