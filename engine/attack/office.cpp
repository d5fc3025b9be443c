// Encodes, writes a file, and hands it to the intake: nothing of it is simulated.
#include "engine/attack/office.h"

#include <unordered_map>

#include "engine/encode/encoder.h"
#include "engine/encoded/writer.h"
#include "engine/intake/intake.h"
#include "matchers/fellegi_sunter.h"

namespace tessera::attack {

StateOffice::StateOffice(std::string folder, const schema::Schema& schema, std::uint64_t seed)
    : folder_(std::move(folder)),
      schema_(&schema),
      random_(std::make_unique<SeedRandom>(seed)),
      key_(keys::new_project_key("laboratory", *random_)),
      matcher_(matchers::fellegi_sunter(matchers::shipped_model())) {}

Result<StateOffice> StateOffice::open(const std::string& folder, const schema::Schema& schema,
                                      std::uint64_t seed) {
  StateOffice office(folder, schema, seed);
  registry::CreateOptions options;
  options.schema = schema;
  options.protection = encoded::Protection::trial;
  TESSERA_CHECK(registry::Registry::create(office.registry_path(), options, *office.random_));
  return office;
}

Result<std::string> StateOffice::write(const std::string& owner, const encode::Encoded& made,
                                       bool question) {
  encoded::Header h;
  h.schema = *schema_;
  h.schema_digest = schema::digest(*schema_);
  h.owner = owner;
  h.key_check = keys::key_check(key_);
  h.created = "2026-08-15";
  h.question = question;
  const std::string path = folder_ + "/sent.tess";
  TESSERA_CHECK(encoded::write(path, h, made.passes, made.records, made.handles, {.force = true}));
  return path;
}

Result<Batch> StateOffice::assign(const std::string& owner, std::span<const record::Fields> people,
                                  Progress& progress, const Craft& craft) {
  encode::Encoded made = encode::encode(*schema_, people, key_, owner, encoded::Population::student,
                                        *random_, progress);
  if (craft) craft(made);
  TESSERA_TRY(const std::string path, write(owner, made, false));
  TESSERA_TRY(link::FileSet files, link::FileSet::open({path}));
  TESSERA_TRY(registry::Registry registry,
              registry::Registry::open(registry_path(), registry::Access::write));
  TESSERA_TRY(const intake::Weighed weighed,
              intake::weigh(registry, {&files, 1}, *matcher_, progress));
  TESSERA_TRY(const registry::Receipt receipt,
              intake::commit(registry, {&files, 1}, weighed, *random_, progress));
  std::unordered_map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < people.size(); ++i) place.emplace(people[i].local_id, i);
  Batch out;
  out.alarms = receipt.alarms;
  out.told.resize(people.size());
  for (std::size_t i = 0; i < receipt.issued.size(); ++i) {  // by record key, as the map
    const registry::Issued& e = receipt.issued[i];
    out.told[place.at(made.map[i].second)] = {e.status, e.id, e.reason, e.probability};
  }
  for (const registry::ClaimNotice& n : receipt.notices) out.claimed.insert(n.id);
  return out;
}

Result<intake::Located> StateOffice::locate(const std::string& owner, const record::Fields& person,
                                            Progress& progress) {
  const encode::Encoded made = encode::encode(*schema_, {&person, 1}, key_, owner,
                                              encoded::Population::student, *random_, progress);
  TESSERA_TRY(const std::string path, write(owner, made, true));
  TESSERA_TRY(link::FileSet files, link::FileSet::open({path}));
  if (intake::asks_too_little(files)) return intake::Located{};
  TESSERA_TRY(registry::Registry registry,
              registry::Registry::open(registry_path(), registry::Access::read));
  return intake::locate(registry, files, *matcher_, progress);
}

}  // namespace tessera::attack
