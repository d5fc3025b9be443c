// Groups, flags, repeats and what they enclose.
#include "engine/clk/pattern_words.h"

#include "engine/clk/pattern_reader.h"
#include "engine/clk/unicode.h"
#include "engine/core/ascii.h"
#include "engine/core/text_encoding.h"

namespace tessera::clk {
namespace {

using ascii::is_digit;
using ascii::is_letter;

constexpr std::uint64_t kNoEnd = PatternWidth::kNoEnd;

}  // namespace

// Where `c` is next, not escaped; or the end, or a backslash that ends the pattern.
std::size_t PatternReader::unescaped(std::size_t at, char c) const {
  while (at < s_.size() && s_[at] != c) {
    if (s_[at] == '\\' && at + 1 == s_.size()) break;
    at += s_[at] == '\\' ? 2 : 1;
  }
  return at;
}

// Blanks and comments of a verbose pattern. An escaped line end does not end a comment.
bool PatternReader::skip_verbose() {
  if (!top().verbose) return false;
  const char c = s_[i_];
  if (c == ' ' || (c >= '\t' && c <= '\r')) {
    ++i_;
    return true;
  }
  if (c != '#') return false;
  i_ = unescaped(i_, '\n');
  if (!at_end() && s_[i_] == '\n') ++i_;
  return true;
}

// (?aimsux) before anything else; "x" holds from the first character.
Result<void> PatternReader::flags_of_all() {
  std::string kept;
  bool unicode = false;
  while (true) {
    while (!at_end() && skip_verbose()) {
    }
    const std::size_t close = unescaped(i_, ')');
    if (!s_.substr(i_).starts_with("(?") || close == s_.size() || s_[close] != ')') break;
    const std::string_view letters = s_.substr(i_ + 2, close - i_ - 2);
    if (letters.starts_with("#")) {
      i_ = close + 1;
      continue;
    }
    if (letters.empty() || letters.find_first_not_of("aimsux") != std::string_view::npos) break;
    for (const char c : letters) {
      out_.ascii |= c == 'a';
      unicode |= c == 'u';
      out_.ignore_case |= c == 'i';
      top().verbose |= c == 'x';
      if (c == 'm' || c == 's') kept += c;
    }
    i_ = close + 1;
  }
  if (out_.ascii && unicode) return bad();
  top().ignore_case = out_.ignore_case;
  ignores_case_ = out_.ignore_case;
  if (!kept.empty()) out_.text += "(?" + kept + ")";
  return {};
}

Result<PatternWords> PatternReader::read() {
  TESSERA_CHECK(flags_of_all());
  while (!at_end()) {
    if (skip_verbose()) continue;
    TESSERA_TRY(const bool repeated, repeat());
    if (repeated) continue;
    if (last_ == Last::repeat) last_ = Last::nothing;
    TESSERA_CHECK(step());
  }
  if (frames_.size() != 1 || asked_ >= groups_.size()) return bad();
  if (out_.ascii && ignores_case_) return unknown("(?a) together with (?i)");
  if (refers_ && ignores_case_) return unknown("a reference to a group where case is ignored");
  return std::move(out_);
}

Result<void> PatternReader::step() {
  const char c = s_[i_];
  switch (c) {
    case '\\':
      return escape();
    case '[':
      return list();
    case '(':
      return open();
    case ')':
      return close();
    case '|':
      ++i_;
      end_branch();
      if (++top().branches > 2 && top().kind == '?') return bad();
      out_.text += '|';
      last_ = Last::nothing;
      return {};
    case '.':
      ++i_;
      item(".");
      return {};
    case '^':
    case '$':
      ++i_;
      place(std::string(1, c));
      return {};
    default:
      item(literal(next_code_point(s_, i_)));
      return {};
  }
}

// The number of times is written anew where PCRE2 reads a brace in another way.
Result<bool> PatternReader::repeat() {
  const std::size_t from = i_;
  const char c = s_[i_];
  std::uint64_t least = c == '+' ? 1 : 0;
  std::uint64_t most = c == '?' ? 1 : kNoEnd;
  std::string words(1, c);
  if (c == '{') {
    const auto number = [&] {
      std::string digits;
      while (++i_ < s_.size() && is_digit(s_[i_])) digits += s_[i_];
      return digits;
    };
    const std::string low = number();
    const bool comma = !at_end() && s_[i_] == ',';
    const std::string high = comma ? number() : low;
    if (at_end() || s_[i_] != '}' || (low.empty() && !comma)) {
      i_ = from;  // a brace is a brace
      return false;
    }
    if (low.size() > 6 || high.size() > 6) return unknown("more than 65,535 repeats");
    least = low.empty() ? 0 : std::stoull(low);
    most = high.empty() ? kNoEnd : std::stoull(high);
    if (least > most) return bad();
    if (std::max(least, most == kNoEnd ? 0 : most) > 65535)
      return unknown("more than 65,535 repeats");
    words = fmt::format("{{{},{}}}", least, high.empty() ? "" : high);
  } else if (c != '*' && c != '+' && c != '?') {
    return false;
  }
  ++i_;
  if (last_ != Last::item) return bad();  // nothing to repeat, or a repeat
  out_.text += words;
  if (take("?"))
    out_.text += '?';
  else if (take("+"))
    out_.text += '+';
  // The item was counted once.
  PatternWidth& branch = top().branch;
  branch.least = branch.least - width_.least + std::min(width_.least * least, kNoEnd);
  branch.most = most == kNoEnd && width_.most > 0
                    ? kNoEnd
                    : std::min(branch.most - width_.most + width_.most * most, kNoEnd);
  last_ = Last::repeat;
  return true;
}

void PatternReader::push(char kind, std::string_view words) {
  PatternFrame f = top();
  f.kind = kind;
  f.branches = 1;
  f.groups_before = static_cast<std::uint32_t>(groups_.size());
  f.branch = f.group = {};
  f.number = 0;
  if (kind == '(') {
    f.number = f.groups_before;
    groups_.emplace_back();
  }
  frames_.push_back(f);
  out_.text += words;
  last_ = Last::nothing;
}

void PatternReader::end_branch() {
  PatternFrame& f = top();
  if (f.branches == 1)
    f.group = f.branch;
  else
    f.group = {std::min(f.group.least, f.branch.least), std::max(f.group.most, f.branch.most)};
  f.branch = {};
}

Result<void> PatternReader::close() {
  ++i_;
  if (frames_.size() == 1) return bad();
  end_branch();
  const PatternFrame f = top();
  if (f.kind == '<' && f.group.least != f.group.most) return bad();
  PatternWidth width = f.group;
  if (f.kind == '?' && f.branches == 1) width.least = 0;
  if (f.kind == '=' || f.kind == '<') width = {};
  if (f.kind == '(') groups_[f.number] = width;
  frames_.pop_back();
  item(")", width);
  return {};
}

Result<void> PatternReader::open() {
  ++i_;
  if (!take("?")) {
    push('(', "(");
    return {};
  }
  if (take("#")) {
    i_ = unescaped(i_, ')');
    return take(")") ? Result<void>() : bad();
  }
  std::string group;
  if (take("P<")) {
    TESSERA_CHECK(name('>', group));
    if (!names_.emplace(group, static_cast<std::uint32_t>(groups_.size())).second) return bad();
    push('(', "(");
    return {};
  }
  if (take("P=")) {
    TESSERA_CHECK(name(')', group));
    const auto known = names_.find(group);
    if (known == names_.end()) return bad();
    return reference(known->second);
  }
  for (const auto& [python, kind] :
       {std::pair{":", ':'}, std::pair{">", ':'}, std::pair{"=", '='}, std::pair{"!", '='},
        std::pair{"<=", '<'}, std::pair{"<!", '<'}})
    if (take(python)) {
      push(kind, std::string("(?") + python);
      return {};
    }
  if (take("(")) return open_question();
  return open_flags();
}

// (?(group)yes|no)
Result<void> PatternReader::open_question() {
  std::string group;
  TESSERA_CHECK(name(')', group));
  std::uint32_t number = 0;
  if (is_digit(group[0])) {
    if (group.size() > 4) return bad();
    number = static_cast<std::uint32_t>(std::stoul(group));
    if (number == 0) return bad();
  } else {
    const auto known = names_.find(group);
    if (known == names_.end()) return bad();
    number = known->second;
  }
  for (const PatternFrame& f : frames_)
    if (f.kind == '<' && (number >= f.groups_before || !groups_[number])) return bad();
  asked_ = std::max(asked_, number);
  push('?', fmt::format("(?({})", number));
  return {};
}

// (?ims-ims:
Result<void> PatternReader::open_flags() {
  std::string on;
  std::string off;
  std::string* to = &on;
  for (;; ++i_) {
    if (at_end()) return bad();
    const char c = s_[i_];
    if (c == ':') break;
    if (c == '-' && to == &on)
      to = &off;
    else if (std::string_view("imsx").find(c) != std::string_view::npos)
      *to += c;
    else if ((c == 'a' || c == 'u') && to == &on)
      return unknown("(?a:..) or (?u:..)");
    else
      return bad();
  }
  ++i_;
  if (on.empty() && off.empty()) return bad();
  if (to == &off && off.empty()) return bad();
  if (on.find_first_of(off) != std::string::npos) return bad();
  const auto has = [](const std::string& flags, char c) {
    return flags.find(c) != std::string::npos;
  };
  const bool verbose = (top().verbose || has(on, 'x')) && !has(off, 'x');
  const bool ignore_case = (top().ignore_case || has(on, 'i')) && !has(off, 'i');
  std::erase(on, 'x');
  std::erase(off, 'x');
  push(':', fmt::format("(?{}{}{}:", on, off.empty() ? "" : "-", off));
  top().verbose = verbose;
  top().ignore_case = ignore_case;
  ignores_case_ |= ignore_case;
  return {};
}

// Up to `end`: a name, or a number where one may stand.
Result<void> PatternReader::name(char end, std::string& out) {
  const std::size_t to = s_.find(end, i_);
  if (to == std::string_view::npos || to == i_) return bad();
  out = s_.substr(i_, to - i_);
  i_ = to + 1;
  if (!is_ascii(out)) return unknown("a name that is not ASCII");
  const bool number = std::ranges::all_of(out, is_digit);
  const bool word = !is_digit(out[0]) && std::ranges::all_of(out, [](char c) {
    return is_letter(c) || is_digit(c) || c == '_';
  });
  // Only a question may ask by number, and it stands in a parenthesis of its own.
  if (!word && !(number && s_.substr(0, i_ - out.size() - 1).ends_with("(?("))) return bad();
  return {};
}

Result<void> PatternReader::reference(std::uint32_t group) {
  if (group >= groups_.size() || !groups_[group]) return bad();
  for (const PatternFrame& f : frames_)
    if (f.kind == '<' && group >= f.groups_before) return bad();
  refers_ = true;
  item(fmt::format("\\g{{{}}}", group), *groups_[group]);
  return {};
}

Result<PatternWords> pattern_words(std::string_view python, bool ignore_case) {
  return PatternReader(python, ignore_case).read();
}

}  // namespace tessera::clk
