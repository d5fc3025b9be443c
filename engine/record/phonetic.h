// Phonetic codes of names: names that sound alike share a code, and so a block.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tessera::record {

// Persisted by name in schemas.
enum class Phonetic : std::uint8_t {
  soundex,  // letter and three digits; H and W do not part equal codes (US National Archives rules)
  nysiis    // up to six letters (Taft 1970, "Name Search Techniques", New York State)
};

// The code of one name part. Letters other than A-Z are skipped; at most 32 letters count. Empty
// if there is no letter. No memory is allocated: codes fit the small string. Thread safe.
std::string phonetic_code(std::string_view upper_ascii_name, Phonetic phonetic);

std::string soundex(std::string_view name);
std::string nysiis(std::string_view name);

}  // namespace tessera::record
