#include "engine/clk/rows.h"

namespace tessera::clk {

bool Rows::next(std::vector<std::string_view>& cells) {
  cells.clear();
  if (at_ >= text_.size()) return false;
  row_line_ = line_;
  const char* data = text_.data();
  std::size_t from = at_;
  for (std::size_t i = at_; i < text_.size(); ++i) {
    const char c = data[i];
    if (c == ',') {
      cells.push_back(text_.substr(from, i - from));
      from = i + 1;
    } else if (c == '\n') {
      if (i > at_) cells.push_back(text_.substr(from, i - from));
      at_ = i + 1;
      ++line_;
      return true;
    } else if (c == '"' || c == '\r') {
      cells.clear();
      read_quoted(cells);  // begins the row again
      return true;
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
