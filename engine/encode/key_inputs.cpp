// Collected chunk by chunk on all threads, then sorted and each kept once.
#include "engine/encode/key_inputs.h"

#include <algorithm>

#include "engine/core/parallel.h"
#include "engine/encode/block_key.h"

namespace tessera::encode {
namespace {

constexpr std::size_t kInputs = 2048;
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// Which key each pass's values go to; kNone for passes on the SSN alone.
std::vector<std::size_t> key_of_pass(const schema::Schema& schema,
                                     const std::vector<std::string>& names) {
  std::vector<std::size_t> out;
  for (const schema::Pass& p : schema.passes) {
    const auto at = std::ranges::find(names, p.name);
    out.push_back(at == names.end() ? kNone : static_cast<std::size_t>(at - names.begin()));
  }
  return out;
}

}  // namespace

void append_sized(Bytes& out, std::string_view text) {
  append_le<std::uint32_t>(out, static_cast<std::uint32_t>(text.size()));
  out.insert(out.end(), text.begin(), text.end());
}

Bytes oprf_input(const schema::Schema& schema, std::string_view key, std::string_view value) {
  Bytes out;
  append_sized(out, "tessera oprf 1");
  append_sized(out, schema.name);
  append_sized(out, schema.purpose);
  append_sized(out, schema.epoch);
  append_sized(out, key);
  append_sized(out, value);
  return out;
}

std::vector<KeyInputs> key_inputs(const schema::Schema& schema,
                                  std::span<const record::Fields> records, Progress& progress) {
  const std::vector<std::string> names = schema::key_names(schema);
  const std::vector<std::size_t> key_of = key_of_pass(schema, names);
  const auto ssn = schema.field(schema::Kind::ssn);
  using Values = std::vector<std::vector<std::string>>;
  std::vector<Values> chunks((records.size() + kInputs - 1) / kInputs, Values(names.size()));
  progress.begin("block keys", records.size(), "records");
  parallel_for(records.size(), kInputs, [&](std::size_t begin, std::size_t end) {
    Values& values = chunks[begin / kInputs];
    KeyReader keys(schema);
    for (std::size_t i = begin; i < end; ++i) {
      keys.read(records[i]);
      for (std::size_t p = 0; p < key_of.size(); ++p)
        if (key_of[p] != kNone)
          for (const BlockKey& k : keys.of(p)) values[key_of[p]].push_back(k.value);
      if (ssn && !records[i].values[*ssn].text.empty())
        values.back().push_back(records[i].values[*ssn].text);  // kSsnKey is the last
    }
    progress.advance(end - begin);
  });
  std::vector<KeyInputs> out;
  for (std::size_t k = 0; k < names.size(); ++k) {
    KeyInputs inputs{names[k], {}};
    for (Values& chunk : chunks) {
      std::ranges::move(chunk[k], std::back_inserter(inputs.values));
      chunk[k] = {};
    }
    // Equal values are equal in every way: any order among them is the same order.
    parallel_sort(inputs.values.begin(), inputs.values.end());
    inputs.values.erase(std::ranges::unique(inputs.values).begin(), inputs.values.end());
    out.push_back(std::move(inputs));
  }
  return out;
}

}  // namespace tessera::encode
