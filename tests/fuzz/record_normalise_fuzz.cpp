// Any bytes as a name: only A-Z comes out, reading it again changes nothing, fast path equals ICU.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/record/fold.h"
#include "engine/record/name.h"
#include "engine/record/number.h"
#include "engine/record/phonetic.h"

namespace {

using namespace tessera::record;

void check(bool law) {
  if (!law) std::abort();
}

void check_names(const std::vector<Name>& names) {
  for (const Name& name : names) {
    check(!name.parts.empty() && name.parts.size() <= 12 &&
          name.groups.size() == name.parts.size());
    std::string whole;
    for (const std::string& part : name.parts) {
      check(!part.empty() && std::ranges::all_of(part, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      }));
      whole += (whole.empty() ? "" : " ") + part;
      check(soundex(part).size() <= 4 && nysiis(part).size() <= 6);
    }
    check(whole == name.whole);
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 400));
  const std::string folded = fold(text);
  check(fold(folded) == folded);
  check(folded == fold_with_icu(text));
  std::vector<Name> given, surnames;
  char initial = 0;
  std::string middle;
  read_given_name(text, given, initial);
  read_surname(text, surnames);
  read_middle_name(text, middle);
  check_names(given);
  check_names(surnames);
  std::string digits;
  if (read_ssn(text, digits) == Finding::none && !digits.empty()) check(digits.size() == 9);
  read_number(text, 0, true, digits);
  return 0;
}
