#include "tests/encoded/sample.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "engine/core/json.h"
#include "engine/core/random.h"

namespace tessera::samples {

using encoded::PassColumns;
using encoded::SsnState;

const std::string_view kSmallSchema = R"json({"tessera_schema":1,"name":"small","epoch":"2025-2029",
  "ssn":true,"fields":[{"name":"last","kind":"surname"},
  {"name":"dob","kind":"date","formats":["%Y-%m-%d"]},{"name":"ssn","kind":"ssn"}],
  "encoding":{"name_bits":64,"name_weight":24},
  "passes":[{"name":"dob_last","key":["dob","phonetic(last)"],"mandatory":true,"least":1,"most":2},
  {"name":"ssn","key":["ssn"],"compare":["dob"],"least":1,"most":1}]})json";

const std::string_view kWideSchema = R"json({"tessera_schema":1,"name":"wide","epoch":"2025-2029",
  "fields":[{"name":"first","kind":"given_name"},{"name":"middle","kind":"middle_name"},
  {"name":"last","kind":"surname"},{"name":"dob","kind":"date","formats":["%Y-%m-%d"]},
  {"name":"sex","kind":"category","values":{"F":["f"],"M":["m"]}},
  {"name":"licence","kind":"number","length":8}],
  "passes":[{"name":"dob_last","key":["dob","phonetic(last)"],"mandatory":true,"least":2,"most":4},
  {"name":"dob_first","key":["dob","phonetic(first)"],"mandatory":true,"least":2,"most":4},
  {"name":"names","key":["phonetic(first&last)","year(dob)"],"least":1,"most":3}]})json";

namespace {

schema::Schema parse_schema(std::string_view text) {
  auto value = json::parse(text, "sample");
  if (!value) std::abort();
  auto schema = schema::from_json(*value, "sample");
  if (!schema) std::abort();
  return *std::move(schema);
}

// Sets `weight` of the slot's bits: the first of a shuffled list.
void fill_slot(std::uint8_t* row, const schema::Slot& slot, Splitmix& random) {
  std::vector<std::uint32_t> bits(slot.bits);
  for (std::uint32_t i = 0; i < slot.bits; ++i) bits[i] = i;
  for (std::uint32_t i = 0; i < slot.weight; ++i) {
    std::swap(bits[i], bits[i + random.below(slot.bits - i)]);
    const std::uint32_t bit = bits[i];
    std::uint8_t& byte = row[slot.offset + bit / 8];
    byte = static_cast<std::uint8_t>(byte | (1U << (bit % 8)));
  }
}

template <std::size_t N>
std::array<std::uint8_t, N> draw_bytes(Splitmix& random) {
  std::array<std::uint8_t, N> out{};
  for (std::uint8_t& b : out) b = static_cast<std::uint8_t>(random.next() >> 56);
  return out;
}

void add_entry(PassColumns& c, const schema::Layout& layout, bool ssn, std::uint64_t handle,
               Splitmix& random) {
  const bool shared = !c.tags.empty() && random.chance(0.3);
  c.tags.push_back(shared ? c.tags[random.below(c.tags.size())] : draw_bytes<16>(random));
  c.handles.push_back(handle);
  c.presence.push_back(
      static_cast<std::uint16_t>(random.below(std::uint64_t{1} << layout.presence_bits)));
  c.bits.resize(c.bits.size() + layout.stride);
  for (const schema::Slot& slot : layout.slots)
    fill_slot(c.bits.data() + c.bits.size() - layout.stride, slot, random);
  if (ssn) c.ssn_tokens.push_back(static_cast<std::uint16_t>(random.next()));
}

encoded::Header make_header(std::string_view schema_text) {
  encoded::Header h;
  h.schema = parse_schema(schema_text);
  h.schema_digest = schema::digest(h.schema);
  h.owner = "district-7";
  h.key_check = {0xc0, 0xff, 0xee, 0x01};
  h.created = "2026-08-15";
  return h;
}

}  // namespace

reference::Content make(std::string_view schema_text, std::size_t records, std::uint64_t seed) {
  Splitmix random(seed);
  reference::Content out;
  out.header = make_header(schema_text);
  const schema::Schema& schema = out.header.schema;
  std::map<encoded::RecordKey, encoded::JoinRecord> sorted;
  while (sorted.size() < records) {
    const auto key = draw_bytes<16>(random);
    const auto usable = static_cast<std::uint8_t>(random.chance(0.8) ? schema.passes.size() : 0);
    const auto state =
        schema.ssn ? static_cast<SsnState>(1 + random.below(4)) : SsnState::not_asked;
    sorted[key] = {key, state, usable, static_cast<std::uint8_t>(usable > 0 ? 1 : 0)};
  }
  for (const auto& [key, record] : sorted) out.records.push_back(record);
  for (std::size_t p = 0; p < schema.passes.size(); ++p) {
    const schema::Layout layout = schema::layout(schema, p);
    PassColumns& c = out.passes.emplace_back();
    c.stride = layout.stride;
    for (std::uint32_t r = 0; r < records; ++r) {
      const std::uint64_t spread = schema.passes[p].most - schema.passes[p].least + 1;
      const std::uint64_t n = schema.passes[p].least + random.below(spread);
      for (std::uint64_t i = 0; i < n; ++i) {
        const std::uint64_t handle = random.next();  // 64 bits: distinct in any sample we make
        add_entry(c, layout, schema.ssn, handle, random);
        out.handles.push_back({handle, r});
      }
    }
    c.sort();
  }
  std::ranges::sort(out.handles, {}, &encoded::JoinHandle::handle);
  return out;
}

reference::Content purged(reference::Content content) {
  for (PassColumns& c : content.passes) c.ssn_tokens.clear();
  for (encoded::JoinRecord& r : content.records)
    if (r.ssn_state == SsnState::provided) r.ssn_state = SsnState::purged;
  return content;
}

}  // namespace tessera::samples
