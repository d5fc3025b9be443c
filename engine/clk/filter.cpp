// A cache line of the sums stays in registers while all masks pass; base64 goes by twelve bits, or
// with AVX2 by 24 bytes.
// Every include comes before the first target attribute (see engine/bits/kernel_popcnt.cpp).
#include "engine/clk/filter.h"

#include <array>
#include <cstring>
#include <string_view>

#if defined(__x86_64__)
#include <immintrin.h>

#define TESSERA_AVX2 [[gnu::target("avx2")]]
#endif

namespace tessera::clk {
namespace {

bool get_bit(const std::uint8_t* bytes, std::uint64_t position) {
  return (bytes[position / 8] & (0x80U >> (position % 8))) != 0;
}

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
using Pairs = std::array<std::array<char, 2>, 4096>;
constexpr Pairs make_pairs() {
  Pairs out{};
  for (std::size_t i = 0; i < 4096; ++i) out[i] = {kAlphabet[i / 64], kAlphabet[i % 64]};
  return out;
}
constexpr Pairs kPairs = make_pairs();  // 12 bits to two characters

// ORs all words from `at` on.
void merge_plain(std::uint64_t* into, std::span<const std::uint64_t* const> masks, std::size_t at,
                 std::size_t words) {
  for (; at + 8 <= words; at += 8) {
    std::uint64_t sum[8];
    for (std::size_t i = 0; i < 8; ++i) sum[i] = into[at + i];
    for (const std::uint64_t* mask : masks)
      for (std::size_t i = 0; i < 8; ++i) sum[i] |= mask[at + i];
    for (std::size_t i = 0; i < 8; ++i) into[at + i] = sum[i];
  }
  for (; at < words; ++at)
    for (const std::uint64_t* mask : masks) into[at] |= mask[at];
}

// Base64 of all bytes, at `to`.
void text_plain(ByteView bytes, char* to) {
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3, to += 4) {
    const unsigned group = static_cast<unsigned>(bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2]);
    std::memcpy(to, kPairs[group >> 12].data(), 2);
    std::memcpy(to + 2, kPairs[group & 4095U].data(), 2);
  }
  if (i == bytes.size()) return;
  const bool two = i + 2 == bytes.size();
  const unsigned group = static_cast<unsigned>(bytes[i] << 16 | (two ? bytes[i + 1] << 8 : 0));
  std::memcpy(to, kPairs[group >> 12].data(), 2);
  to[2] = two ? kAlphabet[(group >> 6) & 63U] : '=';
  to[3] = '=';
}

#if defined(__x86_64__)
TESSERA_AVX2 inline __m256i load(const std::uint64_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

// 16 words at a time; how many are done.
TESSERA_AVX2 std::size_t merge_avx2(std::uint64_t* into,
                                    std::span<const std::uint64_t* const> masks,
                                    std::size_t words) {
  std::size_t at = 0;
  for (; at + 16 <= words; at += 16) {
    __m256i a = load(into + at);
    __m256i b = load(into + at + 4);
    __m256i c = load(into + at + 8);
    __m256i d = load(into + at + 12);
    for (const std::uint64_t* mask : masks) {
      a = _mm256_or_si256(a, load(mask + at));
      b = _mm256_or_si256(b, load(mask + at + 4));
      c = _mm256_or_si256(c, load(mask + at + 8));
      d = _mm256_or_si256(d, load(mask + at + 12));
    }
    auto* to = reinterpret_cast<__m256i*>(into + at);
    _mm256_storeu_si256(to, a);
    _mm256_storeu_si256(to + 1, b);
    _mm256_storeu_si256(to + 2, c);
    _mm256_storeu_si256(to + 3, d);
  }
  return at;
}

// Base64 of the first 24 bytes of 28 that can be read: 12 bytes to each half, three of them to each
// 32-bit lane as two numbers of 16 bits, whose sextets a multiplication each moves to bytes.
TESSERA_AVX2 inline __m256i text_of_24(const std::uint8_t* from) {
  const __m256i both = _mm256_inserti128_si256(
      _mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))),
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 12)), 1);
  const __m256i spread =
      _mm256_shuffle_epi8(both, _mm256_broadcastsi128_si256(_mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7,
                                                                          6, 8, 7, 10, 9, 11, 10)));
  const __m256i even = _mm256_mulhi_epu16(_mm256_and_si256(spread, _mm256_set1_epi32(0x0fc0fc00)),
                                          _mm256_set1_epi32(0x04000040));
  const __m256i odd = _mm256_mullo_epi16(_mm256_and_si256(spread, _mm256_set1_epi32(0x003f03f0)),
                                         _mm256_set1_epi32(0x01000010));
  const __m256i sextets = _mm256_or_si256(even, odd);
  // Which run of the alphabet: 13 for A to Z, 0 for a to z, 1 to 10 for digits, 11 for +, 12 for /.
  const __m256i upper = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), sextets);
  const __m256i run = _mm256_or_si256(_mm256_subs_epu8(sextets, _mm256_set1_epi8(51)),
                                      _mm256_and_si256(upper, _mm256_set1_epi8(13)));
  constexpr char kDigit = '0' - 52;
  const __m256i shift = _mm256_broadcastsi128_si256(
      _mm_setr_epi8('a' - 26, kDigit, kDigit, kDigit, kDigit, kDigit, kDigit, kDigit, kDigit,
                    kDigit, kDigit, '+' - 62, '/' - 63, 'A', 0, 0));
  return _mm256_add_epi8(sextets, _mm256_shuffle_epi8(shift, run));
}

// How many bytes are done, a multiple of 24.
TESSERA_AVX2 std::size_t text_avx2(ByteView bytes, char* to) {
  std::size_t at = 0;
  for (; at + 28 <= bytes.size(); at += 24, to += 32)
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), text_of_24(bytes.data() + at));
  return at;
}
#endif

}  // namespace

void merge(std::uint64_t* into, std::span<const std::uint64_t* const> masks, std::size_t words) {
  std::size_t done = 0;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) done = merge_avx2(into, masks, words);
#endif
  merge_plain(into, masks, done, words);
}

void fold_bits(std::uint8_t* bytes, std::uint64_t bits, std::uint64_t folds) {
  for (; folds > 0; --folds) {
    bits /= 2;
    if (bits % 8 == 0) {
      for (std::uint64_t i = 0; i < bits / 8; ++i)
        bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ bytes[bits / 8 + i]);
      std::memset(bytes + bits / 8, 0, bits / 8);
      continue;
    }
    for (std::uint64_t p = 0; p < bits; ++p) {
      const bool bit = get_bit(bytes, p) != get_bit(bytes, bits + p);
      const auto mask = static_cast<std::uint8_t>(0x80U >> (p % 8));
      bytes[p / 8] = static_cast<std::uint8_t>(bit ? bytes[p / 8] | mask : bytes[p / 8] & ~mask);
    }
    for (std::uint64_t p = bits; p < 2 * bits; ++p)
      bytes[p / 8] = static_cast<std::uint8_t>(bytes[p / 8] & ~(0x80U >> (p % 8)));
  }
}

void append_base64(ByteView bytes, std::string& out) {
  const std::size_t at = out.size();
  out.resize(at + (bytes.size() + 2) / 3 * 4);
  std::size_t done = 0;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) done = text_avx2(bytes, out.data() + at);
#endif
  text_plain(bytes.subspan(done), out.data() + at + done / 3 * 4);
}

}  // namespace tessera::clk
