#include "engine/clk/encoder.h"

#include <optional>

#include <fmt/format.h>

#include "engine/clk/filter.h"
#include "engine/clk/token_masks.h"
#include "engine/clk/tokens.h"
#include "engine/clk/value.h"

namespace tessera::clk {
namespace {

// Bytes of masks per feature and thread. Values that are read and cut into n-grams at hand faster
// than they are found far away have a small memo: it should stay near the processor.
constexpr std::size_t kValueBudget = std::size_t{4} << 20;
constexpr std::size_t kCheapValueBudget = std::size_t{1} << 20;

// One hashed column of a RowEncoder.
struct Column {
  std::size_t index;
  const Feature* feature;
  ValueReader reader;
  TokenMasks tokens;
  std::optional<MaskMemo> values;  // none: they seldom repeat and are cheap to make
};

std::optional<MaskMemo> value_memo(const Feature& f, const ValueReader& reader, std::size_t words) {
  const bool cheap = f.comparison == Comparison::ngram && reader.is_cheap();
  if (cheap && f.format == Format::date) return std::nullopt;
  return MaskMemo(words, cheap ? kCheapValueBudget : kValueBudget);
}

}  // namespace

struct RowEncoder::State {
  const Encoder* encoder;
  std::vector<Column> columns;
  MaskSum row, cell;
  std::vector<std::uint64_t> filter, value_mask;
  std::vector<std::string> tokens;
  std::string room;

  State(const Encoder& e, std::size_t words)
      : encoder(&e), row(words), cell(words), filter(words), value_mask(words) {}
  Result<void> add_value(Column& c, std::string_view value, MaskSum& sum);
  Result<void> add_cell(Column& c, std::string_view cell);
};

Result<void> RowEncoder::State::add_value(Column& c, std::string_view value, MaskSum& sum) {
  if (c.tokens.takes(value)) {
    c.tokens.add_grams(value, sum);
    return {};
  }
  const Feature& f = *c.feature;
  const auto error = [&](std::string_view rule) {
    return Error{ErrorCode::format, fmt::format("column '{}': {}", f.identifier, rule), ""};
  };
  if (!tokenize(f, value, encoder->options().strict, tokens))
    return error("the value is not a finite number");
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (!c.tokens.add(tokens[i], bits_of_token(f, i, tokens.size()), sum))
      return error("a character is not ASCII, the encoding that the schema names");
  return {};
}

Result<void> RowEncoder::State::add_cell(Column& c, std::string_view text) {
  if (c.values) {
    if (const std::uint64_t* known = c.values->find(text)) {
      row.add(known);
      return {};
    }
  }
  TESSERA_TRY(const std::string_view value, c.reader.read(text, room));
  if (!c.values || c.values->full()) return add_value(c, value, row);
  TESSERA_CHECK(add_value(c, value, cell));
  cell.move_to(value_mask);
  row.add(c.values->keep(text, value_mask.data()));
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
  const LinkageSchema& schema = encoder.schema();
  const std::size_t words = (schema.hashed_length() + 63) / 64;
  auto state = std::make_unique<State>(encoder, words);
  for (std::size_t i = 0; i < schema.features.size(); ++i) {
    const Feature& f = schema.features[i];
    if (f.ignored) continue;
    TESSERA_TRY(ValueReader reader,
                ValueReader::create(f, encoder.options().validate, encoder.options().strict));
    auto values = value_memo(f, reader, words);
    state->columns.push_back({i, &f, std::move(reader),
                              TokenMasks(f, encoder.keys(), i, schema.hashed_length()),
                              std::move(values)});
  }
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
  for (Column& c : s.columns) {
    if (auto added = s.add_cell(c, cells[c.index]); !added) {
      s.row.clear();
      s.cell.clear();
      return std::move(added).error();
    }
  }
  s.row.move_to(s.filter);
  auto* bytes = reinterpret_cast<std::uint8_t*>(s.filter.data());
  fold_bits(bytes, schema.hashed_length(), schema.folds);
  return ByteView(bytes, (schema.length + 7) / 8);
}

}  // namespace tessera::clk
