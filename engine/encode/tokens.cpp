#include "engine/encode/tokens.h"

#include <algorithm>
#include <cstring>

#include "engine/core/digest.h"

namespace tessera::encode {

Block token_block(std::uint8_t domain, std::uint8_t repeat, std::string_view token) {
  Block b{};
  b[0] = domain;
  b[1] = repeat;
  if (token.size() <= 12) {
    std::memcpy(b.data() + 4, token.data(), token.size());
  } else {
    b[0] = static_cast<std::uint8_t>(domain + 128);
    const Sha256 h = sha256(as_bytes(token));
    std::memcpy(b.data() + 4, h.data(), 12);
  }
  return b;
}

namespace {

// Adds a token; its repeat number is the count of equal ones since `first`.
void append(std::uint8_t domain, std::string_view token, std::size_t first,
            std::vector<Block>& out) {
  Block b = token_block(domain, 0, token);
  while (std::find(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(), b) != out.end())
    ++b[1];
  out.push_back(b);
}

}  // namespace

void append_bigrams(Domain domain, std::string_view text, std::vector<Block>& out) {
  const std::size_t first = out.size();
  char before = ' ';
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char next = i < text.size() ? text[i] : ' ';
    Block b{};
    b[0] = static_cast<std::uint8_t>(domain);
    b[4] = static_cast<std::uint8_t>(before);
    b[5] = static_cast<std::uint8_t>(next);
    // As append() would number it; of a bigram's block only these two bytes tell.
    for (std::size_t k = first; k < out.size(); ++k)
      if (out[k][4] == b[4] && out[k][5] == b[5]) ++b[1];
    out.push_back(b);
    before = next;
  }
}

void append_digits(Domain domain, std::string_view digits, std::vector<Block>& out) {
  const std::size_t first = out.size();
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char at[3] = {static_cast<char>('A' + i), ':', digits[i]};
    append(static_cast<std::uint8_t>(domain), {at, 3}, first, out);
    if (i > 0) {
      const char pair[3] = {'p', digits[i - 1], digits[i]};
      append(static_cast<std::uint8_t>(domain), {pair, 3}, first, out);
    }
  }
}

}  // namespace tessera::encode
