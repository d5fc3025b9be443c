// American Soundex, and the choice between the codes.
#include <array>

#include "engine/record/phonetic.h"

namespace tessera::record {
namespace {

// A-Z: digit of the consonant class; '0' parts equal digits (vowels, Y); '-' does not (H, W).
constexpr std::string_view kClass = "01230120022455012623010202";
constexpr char class_of(char c) {
  if (c == 'H' || c == 'W') return '-';
  return kClass[static_cast<std::size_t>(c - 'A')];
}

}  // namespace

std::string soundex(std::string_view name) {
  std::string code;
  char last = 0;
  std::size_t letters = 0;
  for (const char c : name) {
    if (c < 'A' || c > 'Z') continue;
    if (++letters > 32) break;
    const char k = class_of(c);
    if (code.empty()) {
      code.push_back(c);
      last = k;
      continue;
    }
    if (k == '-') continue;
    if (k != '0' && k != last) {
      code.push_back(k);
      if (code.size() == 4) return code;
    }
    last = k;
  }
  if (!code.empty()) code.append(4 - code.size(), '0');
  return code;
}

std::string phonetic_code(std::string_view upper_ascii_name, Phonetic phonetic) {
  return phonetic == Phonetic::soundex ? soundex(upper_ascii_name) : nysiis(upper_ascii_name);
}

}  // namespace tessera::record
