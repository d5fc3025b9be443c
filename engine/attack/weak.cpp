// clkhash linkage schemas written here, encoded by engine/clk.
#include "engine/attack/weak.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include <fmt/format.h>

#include "engine/clk/encoder.h"
#include "engine/core/bytes.h"
#include "engine/core/json.h"
#include "engine/core/parallel.h"

namespace tessera::attack {
namespace {

constexpr std::string_view kSalt =
    "dGVzc2VyYSBsYWJvcmF0b3J5IGNvbnRyb2wgc2FsdCAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=";

json::Value feature(const std::string& name, bool positional, int bits) {
  json::Object comparison{{"type", "ngram"}, {"n", positional ? 1 : 2}, {"positional", positional}};
  return json::Object{{"identifier", name},
                      {"format", json::Object{{"type", "string"}, {"encoding", "utf-8"}}},
                      {"hashing", json::Object{{"comparison", std::move(comparison)},
                                               {"strategy", json::Object{{"bitsPerToken", bits}}},
                                               {"hash", json::Object{{"type", "blakeHash"}}}}}};
}

struct Form {
  int bits = 1024;
  int folds = 0;
  int per_token = 20;
};

Result<bits::Matrix> encode_columns(
    const std::vector<bool>& positional, const Form& form, std::uint64_t secret_seed,
    std::size_t rows, const std::function<std::string(std::size_t, std::size_t)>& at) {
  json::Array features;
  for (std::size_t c = 0; c < positional.size(); ++c)
    features.push_back(feature(fmt::format("c{}", c), positional[c], form.per_token));
  json::Object config{{"l", form.bits},
                      {"kdf", json::Object{{"type", "HKDF"},
                                           {"hash", "SHA256"},
                                           {"salt", kSalt},
                                           {"info", "dGVzc2VyYQ=="},
                                           {"keySize", 64}}}};
  if (form.folds > 0) config.emplace_back("xor_folds", form.folds);
  const std::string text = json::to_text(json::Object{
      {"version", 3}, {"clkConfig", std::move(config)}, {"features", std::move(features)}});
  TESSERA_TRY(clk::LinkageSchema schema, clk::load_linkage_schema(text, "control", {}));
  schema.folds = static_cast<std::uint64_t>(form.folds);
  schema.length = static_cast<std::uint64_t>(form.bits);
  const std::string secret = fmt::format("secret {}", secret_seed);
  TESSERA_TRY(const clk::Encoder encoder,
              clk::Encoder::create(std::move(schema), as_bytes(secret), {.validate = false}));
  bits::Matrix out(rows, static_cast<std::size_t>(form.bits));
  std::atomic<bool> failed = false;
  parallel_for(rows, 512, [&](std::size_t begin, std::size_t end) {
    auto row = clk::RowEncoder::create(encoder);
    if (!row) {
      failed = true;
      return;
    }
    std::vector<std::string> cells(positional.size());
    std::vector<std::string_view> views(positional.size());
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t c = 0; c < cells.size(); ++c) views[c] = cells[c] = at(i, c);
      const auto filter = row->encode(views);
      if (!filter) {
        failed = true;
        return;
      }
      out.set_row(i, *filter);
    }
  });
  if (failed) return Error{ErrorCode::format, "the control encoding refused a value", ""};
  return out;
}

}  // namespace

std::string_view name_of(Weak kind) {
  switch (kind) {
    case Weak::clk:
      return "clk";
    case Weak::clk_fold:
      return "clk-fold";
    case Weak::per_field:
      return "per-field";
  }
  return "";
}

std::string plain_value(const record::Fields& person, std::size_t field) {
  const record::Value& v = person.values[field];
  if (!v.names.empty()) return v.names.front().whole;
  if (!v.text.empty()) return v.text;
  if (v.date.year == 0 && v.date.month == 0) return "";
  return fmt::format("{:04}{:02}{:02}", v.date.year, v.date.month, v.date.day);
}

Result<bits::Matrix> weak_rows(Weak kind, const schema::Schema& schema,
                               std::span<const record::Fields> people, std::uint64_t secret_seed) {
  std::vector<bool> positional;
  for (const schema::Field& f : schema.fields)
    positional.push_back(f.kind == schema::Kind::date || f.kind == schema::Kind::number ||
                         f.kind == schema::Kind::ssn);
  const auto cell = [&](std::size_t i, std::size_t c) { return plain_value(people[i], c); };
  if (kind == Weak::clk)
    return encode_columns(positional, {1024, 0, 20}, secret_seed, people.size(), cell);
  if (kind == Weak::clk_fold) {
    TESSERA_TRY(bits::Matrix whole, weak_rows(Weak::clk, schema, people, secret_seed));
    bits::Matrix folded(people.size(), whole.bits() / 2);
    for (std::size_t i = 0; i < people.size(); ++i) {
      bits::fold(whole.row(i), whole.words(), whole.words() / 2, folded.row(i));
      folded.recount(i);
    }
    return folded;
  }
  constexpr std::size_t kEach = 512;
  bits::Matrix all(people.size(), kEach * positional.size());
  for (std::size_t c = 0; c < positional.size(); ++c) {
    TESSERA_TRY(
        const bits::Matrix one,
        encode_columns({positional[c]}, {static_cast<int>(kEach), 0, 10}, secret_seed * 16 + c,
                       people.size(), [&](std::size_t i, std::size_t) { return cell(i, c); }));
    for (std::size_t i = 0; i < people.size(); ++i)
      std::memcpy(all.row(i) + c * one.words(), one.row(i), one.words() * 8);
  }
  for (std::size_t i = 0; i < people.size(); ++i) all.recount(i);
  return all;
}

Result<bits::Matrix> value_filters(std::span<const std::string> values, std::uint64_t secret_seed) {
  return encode_columns({false}, {1024, 0, 10}, secret_seed, values.size(),
                        [&](std::size_t i, std::size_t) { return values[i]; });
}

}  // namespace tessera::attack
