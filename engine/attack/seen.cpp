// Encodes in memory and sorts rows into blocks.
#include "engine/attack/seen.h"

#include <string>
#include <unordered_map>

#include "engine/attack/seed_random.h"
#include "engine/encode/encoder.h"
#include "engine/encoded/handle_index.h"
#include "engine/keys/key_file.h"
#include "engine/lab/synth_stream.h"

namespace tessera::attack {
namespace {

std::uint64_t as_number(const std::string& owner) {
  std::uint64_t n = 0;
  for (const char c : owner) n = lab::mix(n, static_cast<unsigned char>(c));
  return n;
}

std::vector<std::uint32_t> first_rows(const std::vector<encoded::Tag>& tags) {
  std::vector<std::uint32_t> first;
  for (std::size_t i = 0; i < tags.size(); ++i)
    if (i == 0 || tags[i] != tags[i - 1]) first.push_back(static_cast<std::uint32_t>(i));
  first.push_back(static_cast<std::uint32_t>(tags.size()));
  return first;
}

Seen::Rows rows_by_record(const SeenPass& pass, std::uint32_t records) {
  Seen::Rows out;
  out.start.assign(records + 1, 0);
  for (const std::uint32_t r : pass.record) ++out.start[r + 1];
  for (std::uint32_t r = 0; r < records; ++r) out.start[r + 1] += out.start[r];
  out.list.resize(pass.rows());
  out.block.resize(pass.rows());
  std::vector<std::uint32_t> next(out.start.begin(), out.start.end() - 1);
  for (std::uint32_t b = 0; b < pass.blocks(); ++b)
    for (std::uint32_t row = pass.first[b]; row < pass.first[b + 1]; ++row) {
      const std::uint32_t at = next[pass.record[row]]++;
      out.list[at] = row;
      out.block[at] = b;
    }
  return out;
}

Seen look_under(const keys::ProjectKey& key, const schema::Schema& schema,
                std::span<const record::Fields> people, std::uint64_t handle_seed,
                Progress& progress, const std::string& owner) {
  SeedRandom of_handles(lab::mix(handle_seed, as_number(owner)));
  encode::Encoded made = encode::encode(schema, people, key, owner, encoded::Population::student,
                                        of_handles, progress);
  std::unordered_map<std::string, std::uint32_t> number;
  for (std::uint32_t i = 0; i < people.size(); ++i) number.emplace(people[i].local_id, i);
  std::vector<std::uint32_t> person(made.map.size());
  for (std::size_t i = 0; i < made.map.size(); ++i) person[i] = number.at(made.map[i].second);
  const encoded::HandleIndex index(made.handles);
  Seen out;
  out.records = static_cast<std::uint32_t>(people.size());
  out.passes.resize(made.passes.size());
  for (std::size_t p = 0; p < made.passes.size(); ++p) {
    SeenPass& pass = out.passes[p];
    pass.columns = std::move(made.passes[p]);
    pass.layout = schema::layout(schema, p);
    for (const encoded::Handle h : pass.columns.handles)
      pass.record.push_back(person[made.handles[index.find(h)].record]);
    pass.first = first_rows(pass.columns.tags);
    out.rows_of.push_back(rows_by_record(pass, out.records));
  }
  return out;
}

}  // namespace

Seen look_at(const schema::Schema& schema, std::span<const record::Fields> people,
             std::uint64_t key_seed, Progress& progress, const std::string& owner) {
  SeedRandom random(key_seed);
  const keys::ProjectKey key = keys::new_project_key("laboratory", random);
  return look_under(key, schema, people, key_seed, progress, owner);
}

SeenPass look_at_pass(const schema::Schema& schema, std::size_t pass,
                      std::span<const record::Fields> people, std::uint64_t key_seed,
                      Progress& progress, const std::string& owner) {
  schema::Schema alone = schema;
  alone.passes = {schema.passes[pass]};
  return std::move(look_at(alone, people, key_seed, progress, owner).passes.front());
}

Seen look_without_service(const schema::Schema& schema, std::span<const record::Fields> people,
                          std::uint64_t key_seed, Progress& progress, const std::string& owner) {
  SeedRandom random(key_seed);
  keys::ProjectKey key = keys::new_project_key("laboratory", random);
  random.fill(key.offline.fill());
  return look_under(key, schema, people, key_seed, progress, owner);
}

}  // namespace tessera::attack
