// Where rows are plain, the characters that mean something are found sixteen bytes at a time.
#include "engine/clk/rows.h"

#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tessera::clk {
namespace {

constexpr std::size_t kBlock = 16;

// Which of the next kBlock characters, or fewer at the end, is a comma, a quote or a line end: one
// bit each.
unsigned marks(std::string_view text, std::size_t at) {
#if defined(__SSE2__)
  if (at + kBlock <= text.size()) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto is = [&](char c) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(c)); };
    return static_cast<unsigned>(_mm_movemask_epi8(
        _mm_or_si128(_mm_or_si128(is(','), is('"')), _mm_or_si128(is('\n'), is('\r')))));
  }
#endif
  unsigned out = 0;
  for (std::size_t i = 0; i < kBlock && at + i < text.size(); ++i) {
    const char c = text[at + i];
    if (c == ',' || c == '"' || c == '\n' || c == '\r') out |= 1U << i;
  }
  return out;
}

}  // namespace

bool Rows::next(std::vector<std::string_view>& cells) {
  cells.clear();
  if (at_ >= text_.size()) return false;
  row_line_ = line_;
  std::size_t from = at_;
  for (std::size_t block = at_; block < text_.size(); block += kBlock) {
    for (unsigned left = marks(text_, block); left != 0; left &= left - 1) {
      const std::size_t i = block + static_cast<std::size_t>(std::countr_zero(left));
      if (text_[i] == ',') {
        cells.push_back(text_.substr(from, i - from));
        from = i + 1;
      } else if (text_[i] == '\n') {
        if (i > at_) cells.push_back(text_.substr(from, i - from));
        at_ = i + 1;
        ++line_;
        return true;
      } else {
        cells.clear();
        read_quoted(cells);  // begins the row again
        return true;
      }
    }
  }
  cells.push_back(text_.substr(from));
  at_ = text_.size();
  return true;
}

// The csv module's state machine, for rows with a quote or a carriage return in them.
void Rows::read_quoted(std::vector<std::string_view>& cells) {
  enum class State { start, plain, quoted, quote_in_quoted };
  State state = State::start;
  unquoted_.assign(1, "");
  bool any = false;
  bool ended = false;
  while (at_ < text_.size() && !ended) {
    char c = text_[at_++];
    if (c == '\r') {
      if (at_ < text_.size() && text_[at_] == '\n') ++at_;
      c = '\n';
    }
    if (c == '\n') ++line_;
    std::string& cell = unquoted_.back();
    if (state == State::quoted) {
      any = true;
      if (c == '"')
        state = State::quote_in_quoted;
      else
        cell += c;
      continue;
    }
    if (c == '\n') {
      ended = true;
    } else if (c == ',') {
      any = true;
      unquoted_.emplace_back();
      state = State::start;
    } else if (c == '"' && state != State::plain) {
      any = true;
      if (state == State::quote_in_quoted) cell += '"';
      state = State::quoted;
    } else {
      any = true;
      cell += c;
      state = State::plain;
    }
  }
  if (any)
    for (const std::string& cell : unquoted_) cells.push_back(cell);
}

}  // namespace tessera::clk
