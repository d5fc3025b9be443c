// Splitting and joining of the words of a name.
#include "engine/record/name_split.h"

#include <algorithm>

#include "engine/core/ascii.h"
#include "engine/record/name_words.h"

namespace tessera::record {
namespace {

using ascii::is_digit;

// "SMITH2" is SMITH with a slip of the finger; "2ND" is a suffix and stays.
void drop_digits(std::string& folded) {
  std::string out;
  for (std::size_t i = 0; i < folded.size();) {
    std::size_t end = i;
    while (end < folded.size() && (is_digit(folded[end]) || (folded[end] >= 'A'))) ++end;
    if (end == i) {
      out.push_back(folded[i++]);
      continue;
    }
    const std::string_view word(folded.data() + i, end - i);
    for (const char c : word)
      if (!is_digit(c) || is_suffix(word)) out.push_back(c);
    i = end;
  }
  folded = std::move(out);
}

}  // namespace

bool Words::placeholder() const {
  if (n == 1) return is_placeholder(at[0]);
  std::string whole;
  for (std::size_t i = 0; i < n; ++i) {
    if (i > 0) whole.push_back(' ');
    whole += at[i];
  }
  return is_placeholder(whole);
}

Split split_name(std::string& folded) {
  if (std::ranges::any_of(folded, is_digit)) drop_digits(folded);
  Split split;
  Words* into = &split.main;
  char closing = 0;  // the mark that ends the bracket we are in
  std::size_t begin = 0;
  const std::string_view text = folded;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (c >= 'A' || is_digit(c)) continue;
    into->add(text.substr(begin, i - begin));
    begin = i + 1;
    if (c == ' ' || c == ')') {
      if (c == closing) closing = 0, into = &split.main;
      continue;
    }
    if (c == closing) {  // a second quotation mark
      closing = 0;
      into = &split.main;
      continue;
    }
    closing = c == '(' ? ')' : '"';
    if (into != &split.main && into->n == 0) continue;  // ("BILL"): brackets in brackets
    if (split.other_count < split.others.size()) {
      into = &split.others[split.other_count++];
    } else {
      into = &split.others.back();
    }
  }
  return split;
}

void strip_titles_and_suffixes(Words& words, bool numerals) {
  while (words.n > 1 && is_title(words.at[0])) words.drop_first();
  while (words.n > 1 &&
         (is_suffix(words.at[words.n - 1]) || (numerals && is_lone_numeral(words.at[words.n - 1]))))
    --words.n;
}

void glue_particles(const Words& words, bool (*is_particle)(std::string_view),
                    std::vector<std::string>& parts) {
  parts.reserve(words.n);
  std::string held;
  for (std::size_t i = 0; i < words.n; ++i) {
    const std::string_view word = words.at[i];
    if (i + 1 < words.n && is_particle(word)) {
      held += word == "SAINT" ? std::string_view("ST") : word;
      continue;
    }
    if (held.empty()) {
      parts.emplace_back(word);
    } else {
      held += word;
      parts.push_back(std::move(held));
      held.clear();
    }
  }
}

std::string join(const std::vector<std::string>& parts) {
  if (parts.size() == 1) return parts.front();
  std::string whole;
  for (const std::string& part : parts) {
    if (!whole.empty()) whole.push_back(' ');
    whole += part;
  }
  return whole;
}

bool add_name(Name&& name, std::vector<Name>& names) {
  for (const Name& other : names)
    if (other.whole == name.whole) return false;
  names.push_back(std::move(name));
  return true;
}

}  // namespace tessera::record
