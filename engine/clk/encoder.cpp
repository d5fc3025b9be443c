#include "engine/clk/encoder.h"

#include <array>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "engine/clk/mask_memo.h"
#include "engine/clk/tokens.h"
#include "engine/clk/value.h"

namespace tessera::clk {
namespace {

// Bytes per feature and thread. Values whose n-grams are at hand are made again almost as fast as
// they are found, so fewer of them are kept: what is kept should stay near the processor.
constexpr std::size_t kValueBudget = std::size_t{24} << 20;
constexpr std::size_t kCheapValueBudget = std::size_t{1} << 20;
constexpr std::size_t kTokenBudget = std::size_t{8} << 20;

void set_bit(std::uint64_t* mask, std::uint64_t position) {
  auto* bytes = reinterpret_cast<std::uint8_t*>(mask);
  bytes[position / 8] = static_cast<std::uint8_t>(bytes[position / 8] | (0x80U >> (position % 8)));
}
bool get_bit(const std::uint8_t* bytes, std::uint64_t position) {
  return (bytes[position / 8] & (0x80U >> (position % 8))) != 0;
}
void merge(std::uint64_t* into, const std::uint64_t* mask, std::size_t words) {
  if (words == 16) {  // 1,024 bits: the usual length, unrolled
    for (std::size_t i = 0; i < 16; ++i) into[i] |= mask[i];
    return;
  }
  for (std::size_t i = 0; i < words; ++i) into[i] |= mask[i];
}
bool is_cheap(const Feature& f) {
  return f.comparison == Comparison::ngram && !f.pattern && f.format != Format::integer &&
         f.letters == Case::mixed;
}

// One hashed column of a RowEncoder.
struct Column {
  std::size_t index;
  const Feature* feature;
  ValueReader reader;
  MaskMemo values;
  MaskMemo tokens;
  ShortMemo short_tokens;
};

}  // namespace

struct RowEncoder::State {
  const Encoder* encoder;
  std::size_t words;
  std::vector<Column> columns;
  std::vector<std::uint64_t> row, value_mask, token_mask;
  std::vector<std::string> tokens;
  std::vector<std::uint64_t> positions;
  std::string value, key, padded, gram;

  Result<void> hash_token(Column& c, std::string_view token, std::uint64_t k);
  Result<void> hash_long_token(Column& c, std::string_view token, std::uint64_t k);
  Result<void> make_token_mask(const Column& c, std::string_view token, std::uint64_t k);
  Result<void> hash_ngrams(Column& c);
  Result<void> hash_value(Column& c, std::string_view cell);
};

namespace {

Error not_ascii(const Feature& f) {
  return {ErrorCode::format,
          fmt::format("column '{}': a character is not ASCII, the encoding that the schema names",
                      f.identifier),
          ""};
}

}  // namespace

// The first k bits of a token, in token_mask.
Result<void> RowEncoder::State::make_token_mask(const Column& c, std::string_view token,
                                                std::uint64_t k) {
  const Feature& f = *c.feature;
  const auto bytes = encoded(token, f.encoding);
  if (!bytes) return not_ascii(f);
  positions.clear();
  const FeatureKeys& keys = encoder->keys();
  const std::uint64_t length = encoder->schema().hashed_length();
  if (f.hash == Hash::blake)
    blake_positions(*bytes, keys.key(c.index, 0), k, length, positions);
  else
    double_positions(*bytes, keys.key(c.index, 0), keys.key(c.index, 1), k, length,
                     f.prevent_singularity, positions);
  std::fill(token_mask.begin(), token_mask.end(), 0);
  for (const std::uint64_t p : positions) set_bit(token_mask.data(), p);
  return {};
}

Result<void> RowEncoder::State::hash_long_token(Column& c, std::string_view token,
                                                std::uint64_t k) {
  key.assign(token);
  key.append(reinterpret_cast<const char*>(&k), sizeof k);
  if (const std::uint64_t* known = c.tokens.find(key)) {
    merge(value_mask.data(), known, words);
    return {};
  }
  TESSERA_CHECK(make_token_mask(c, token, k));
  c.tokens.keep(key, token_mask.data());
  merge(value_mask.data(), token_mask.data(), words);
  return {};
}

// Sets the first k bits of a token in value_mask.
Result<void> RowEncoder::State::hash_token(Column& c, std::string_view token, std::uint64_t k) {
  if (k == 0) {  // sets nothing, and yet must be a token of the encoding
    if (c.feature->encoding == Encoding::ascii && !is_ascii(token)) return not_ascii(*c.feature);
    return {};
  }
  const std::uint64_t number = ShortMemo::number(token, k);
  if (number == 0) return hash_long_token(c, token, k);
  if (const std::uint64_t* known = c.short_tokens.find(number)) {
    merge(value_mask.data(), known, words);
    return {};
  }
  TESSERA_CHECK(make_token_mask(c, token, k));
  c.short_tokens.keep(number, token_mask.data());
  merge(value_mask.data(), token_mask.data(), words);
  return {};
}

// The n-grams of an ASCII value, as tokenize() makes them, without a string for each.
Result<void> RowEncoder::State::hash_ngrams(Column& c) {
  const Feature& f = *c.feature;
  const std::size_t n = f.n;
  const std::size_t count = value.size() + n - 1;
  padded.assign(n - 1, ' ');
  padded += value;
  padded.append(n - 1, ' ');
  const std::uint64_t each = f.per_token ? f.bits : f.bits / count;
  const std::uint64_t more = f.per_token ? 0 : f.bits % count;
  for (std::size_t i = 0; i < count; ++i) {
    std::string_view token = std::string_view(padded).substr(i, n);
    if (f.positional) {
      char digits[20];
      const auto end = std::to_chars(digits, digits + sizeof digits, i + 1).ptr;
      gram.assign(digits, end);
      gram += ' ';
      gram += token;
      token = gram;
    }
    TESSERA_CHECK(hash_token(c, token, each + (i < more ? 1U : 0U)));
  }
  return {};
}

// Makes value_mask of a cell not met before, and keeps it.
Result<void> RowEncoder::State::hash_value(Column& c, std::string_view cell) {
  std::fill(value_mask.begin(), value_mask.end(), 0);
  TESSERA_CHECK(c.reader.read(cell, value));
  if (c.feature->comparison == Comparison::ngram && !value.empty() && is_ascii(value)) {
    TESSERA_CHECK(hash_ngrams(c));
    c.values.keep(cell, value_mask.data());
    return {};
  }
  if (!tokenize(*c.feature, value, encoder->options().strict, tokens))
    return Error{
        ErrorCode::format,
        fmt::format("column '{}': the value is not a finite number", c.feature->identifier), ""};
  for (std::size_t i = 0; i < tokens.size(); ++i)
    TESSERA_CHECK(hash_token(c, tokens[i], bits_of_token(*c.feature, i, tokens.size())));
  c.values.keep(cell, value_mask.data());
  return {};
}

Result<Encoder> Encoder::create(LinkageSchema schema, ByteView secret, EncoderOptions options) {
  TESSERA_TRY(FeatureKeys keys, FeatureKeys::derive(schema, secret));
  return Encoder(std::move(schema), std::move(keys), options);
}

RowEncoder::RowEncoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
RowEncoder::RowEncoder(RowEncoder&&) noexcept = default;
RowEncoder& RowEncoder::operator=(RowEncoder&&) noexcept = default;
RowEncoder::~RowEncoder() = default;

Result<RowEncoder> RowEncoder::create(const Encoder& encoder) {
  auto state = std::make_unique<State>();
  const LinkageSchema& schema = encoder.schema();
  state->encoder = &encoder;
  state->words = (schema.hashed_length() + 63) / 64;
  for (std::size_t i = 0; i < schema.features.size(); ++i) {
    const Feature& f = schema.features[i];
    if (f.ignored) continue;
    TESSERA_TRY(ValueReader reader,
                ValueReader::create(f, encoder.options().validate, encoder.options().strict));
    state->columns.push_back(
        {i, &f, std::move(reader),
         MaskMemo(state->words, is_cheap(f) ? kCheapValueBudget : kValueBudget),
         MaskMemo(state->words, kTokenBudget), ShortMemo(state->words, kTokenBudget)});
  }
  state->row.resize(state->words);
  state->value_mask.resize(state->words);
  state->token_mask.resize(state->words);
  return RowEncoder(std::move(state));
}

Result<ByteView> RowEncoder::encode(const std::vector<std::string_view>& cells) {
  State& s = *state_;
  const LinkageSchema& schema = s.encoder->schema();
  if (cells.size() != schema.features.size())
    return Error{ErrorCode::format,
                 fmt::format("the row has {} cells where the schema has {} features", cells.size(),
                             schema.features.size()),
                 ""};
  std::fill(s.row.begin(), s.row.end(), 0);
  for (Column& c : s.columns) {
    const std::uint64_t* mask = c.values.find(cells[c.index]);
    if (mask == nullptr) {
      TESSERA_CHECK(s.hash_value(c, cells[c.index]));
      mask = s.value_mask.data();
    }
    merge(s.row.data(), mask, s.words);
  }
  auto* bytes = reinterpret_cast<std::uint8_t*>(s.row.data());
  fold_bits(bytes, schema.hashed_length(), schema.folds);
  return ByteView(bytes, (schema.length + 7) / 8);
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

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
using Pairs = std::array<std::array<char, 2>, 4096>;
constexpr Pairs make_pairs() {
  Pairs out{};
  for (std::size_t i = 0; i < 4096; ++i) out[i] = {kAlphabet[i / 64], kAlphabet[i % 64]};
  return out;
}
constexpr Pairs kPairs = make_pairs();  // 12 bits to two characters

}  // namespace

void append_base64(ByteView bytes, std::string& out) {
  const std::size_t at = out.size();
  out.resize(at + (bytes.size() + 2) / 3 * 4);
  char* to = out.data() + at;
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

}  // namespace tessera::clk
