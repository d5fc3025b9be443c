// The New York State Identification and Intelligence System's code, in its first form.
#include <algorithm>
#include <array>
#include <cstring>

#include "engine/record/phonetic.h"

namespace tessera::record {
namespace {

constexpr std::size_t kMostLetters = 32;
constexpr std::size_t kCodeLength = 6;

struct Letters {
  std::array<char, kMostLetters + 4> at{};  // zeros after the end stand for "no letter"
  std::size_t n = 0;
  bool starts(std::string_view s) const { return std::string_view(at.data(), n).starts_with(s); }
  bool has(std::size_t i, std::string_view s) const {
    return std::string_view(at.data(), n).substr(i).starts_with(s);
  }
  bool ends(std::string_view s) const { return std::string_view(at.data(), n).ends_with(s); }
  void write(std::size_t i, std::string_view s) { std::memcpy(at.data() + i, s.data(), s.size()); }
};

bool is_vowel(char c) { return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U'; }

void change_start(Letters& w) {
  if (w.starts("MAC"))
    w.write(0, "MCC");
  else if (w.starts("KN"))
    w.write(0, "NN");
  else if (w.starts("K"))
    w.write(0, "C");
  else if (w.starts("PH") || w.starts("PF"))
    w.write(0, "FF");
  else if (w.starts("SCH"))
    w.write(0, "SSS");
}

void change_end(Letters& w) {
  if (w.n < 3) return;  // a name of two letters has no ending
  char last = 0;
  if (w.ends("EE") || w.ends("IE"))
    last = 'Y';
  else if (w.ends("DT") || w.ends("RT") || w.ends("RD") || w.ends("NT") || w.ends("ND"))
    last = 'D';
  if (last == 0) return;
  w.at[--w.n] = 0;
  w.at[w.n - 1] = last;
}

// Changes the letters at `i` (i > 0) by the first rule that fits. A rule that shortens the word
// does so by repeating a letter, which the code drops.
void change_at(Letters& w, std::size_t i) {
  char& c = w.at[i];
  const char before = w.at[i - 1];
  if (w.has(i, "EV"))
    w.write(i, "AF");
  else if (is_vowel(c))
    c = 'A';
  else if (c == 'Q')
    c = 'G';
  else if (c == 'Z')
    c = 'S';
  else if (c == 'M')
    c = 'N';
  else if (w.has(i, "KN"))
    w.write(i, "NN");
  else if (c == 'K')
    c = 'C';
  else if (w.has(i, "SCH"))
    w.write(i, "SSS");
  else if (w.has(i, "PH"))
    w.write(i, "FF");
  else if (c == 'H' && (!is_vowel(before) || !is_vowel(w.at[i + 1])))
    c = before;
  else if (c == 'W' && is_vowel(before))
    c = before;
}

}  // namespace

std::string nysiis(std::string_view name) {
  Letters w;
  for (const char c : name)
    if (c >= 'A' && c <= 'Z' && w.n < kMostLetters) w.at[w.n++] = c;
  if (w.n == 0) return {};
  change_start(w);
  change_end(w);

  std::array<char, kMostLetters> code{};
  std::size_t n = 0;
  code[n++] = w.at[0];
  for (std::size_t i = 1; i < w.n; ++i) {
    change_at(w, i);
    if (w.at[i] != code[n - 1]) code[n++] = w.at[i];
  }
  if (n > 1 && code[n - 1] == 'S') --n;
  if (n > 2 && code[n - 1] == 'Y' && code[n - 2] == 'A') code[--n - 1] = 'Y';
  if (n > 1 && code[n - 1] == 'A') --n;
  return std::string(code.data(), std::min(n, kCodeLength));
}

}  // namespace tessera::record
