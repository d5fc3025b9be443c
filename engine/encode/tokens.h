// Tokens of a value: padded bigrams of names, positional digits of numbers.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::encode {

// A 16-byte input of the PRF. Equal tokens of comparable slots are equal blocks.
//   byte 0 domain, 1 how often the token came before in its value, 2-3 counter (set when drawn),
//   4-15 the token, zero padded; a longer one by the first 12 bytes of its SHA-256 (domain + 128).
using Block = std::array<std::uint8_t, 16>;

// Domains keep slots apart; given names and surnames share one, so that a swap can be seen.
enum class Domain : std::uint8_t {
  name = 1,
  middle = 2,
  number = 3,
  nickname = 16,
  surname_part = 17,
  initial = 18,
  decade = 19,
  unit = 20,
  month = 21,
  day_tens = 22,
  day_units = 23,
  month_day = 24,
  category = 25,
  known = 26,
  ssn = 32,
  no_ssn = 33,
  noise = 64  // noise + slot number
};

// REQUIRES: counter < 65536.
inline void set_counter(Block& b, std::uint32_t counter) {
  b[2] = static_cast<std::uint8_t>(counter);
  b[3] = static_cast<std::uint8_t>(counter >> 8);
}
Block token_block(std::uint8_t domain, std::uint8_t repeat, std::string_view token);

// Bigrams of the text with one blank before and after; the n-th copy of a bigram is a token of its
// own (repeat n-1). "ANNA": " A", "AN", "NN", "NA", "A ". Appends to out.
void append_bigrams(Domain domain, std::string_view text, std::vector<Block>& out);
// Digits with their position ("3:7") and neighbouring pairs without it ("p42"), so that a wrong
// digit, a slip and an exchange of two all leave most tokens alone. Appends to out.
void append_digits(Domain domain, std::string_view digits, std::vector<Block>& out);

}  // namespace tessera::encode
