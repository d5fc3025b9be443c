// A registry over several epochs, each with keys of its own, and an owner secret that outlives
// them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "engine/encoded/writer.h"
#include "engine/intake/admit.h"
#include "engine/intake/collection.h"
#include "engine/registry/change.h"
#include "engine/registry/entry_store.h"
#include "engine/registry/epoch.h"
#include "engine/schema/variants.h"
#include "tests/intake/district_state.h"
#include "tests/reference/needles.h"

namespace tessera::test {

inline const registry::Author kOfficer{"e.dunn", "case 7"};

// Every entry's bits, tag and handle of an encoded file, as files hold them.
inline std::vector<std::string> entries_of(const std::string& path) {
  std::vector<std::string> out;
  const auto file = encoded::File::open(path);
  REQUIRE(file);
  for (std::size_t p = 0; p < file->passes(); ++p) {
    const encoded::PassView v = file->pass(p);
    for (std::size_t r = 0; r < v.rows(); ++r) {
      std::uint8_t handle[8];
      store_le(handle, v.handles[r]);
      for (const ByteView part :
           {v.bits.subspan(r * v.stride, v.stride), ByteView(v.tags[r]), ByteView(handle)})
        out.emplace_back(as_text(part));
    }
  }
  return out;
}

class Ages {
 public:
  // The schema of an epoch: 1, 2 or 3.
  static schema::Schema schema(int epoch) {
    schema::Schema s = *schema::load("default");
    s.epoch = epoch == 1 ? s.epoch : epoch == 2 ? "2030-2034" : "2035-2039";
    return s;
  }
  static registry::KeyCheck key_check(int epoch) {
    return keys::key_check(fixed_key(static_cast<std::uint8_t>(epoch)));
  }

  explicit Ages(bool ssn = false) : ssn_(ssn) {
    registry::CreateOptions options;
    options.schema = own_schema(1);
    options.protection = encoded::Protection::trial;
    options.key_check = key_check(1);
    REQUIRE(registry::Registry::create(path(), options, *random_));
    secret_.fill()[0] = 5;
  }

  std::string path() const { return folder_ / "R.db"; }
  std::string in_folder(const std::string& name) const { return folder_ / name; }
  registry::Registry open(registry::Access access) const {
    auto r = registry::Registry::open(path(), access);
    if (!r) FAIL(r.error().what);
    return *std::move(r);
  }
  void begin_epoch(int epoch) {
    registry::Registry r = open(registry::Access::write);
    const auto opened = registry::open_epoch(r, own_schema(epoch), key_check(epoch));
    if (!opened) FAIL(opened.error().what);
  }
  Result<registry::EpochEnd> end_epoch(int epoch, std::uint32_t wait_ms = 60'000) {
    TESSERA_TRY(registry::Registry r,
                registry::Registry::open(path(), registry::Access::write, wait_ms));
    return registry::end_epoch(r, epoch, kOfficer, silent_);
  }

  std::string encode(int epoch, const Roster& r) {
    const schema::Schema s = own_schema(epoch);
    const keys::ProjectKey key = fixed_key(static_cast<std::uint8_t>(epoch));
    // Neighbouring seeds give one stream, shifted: handles would repeat.
    const auto draws = seeded_random(Splitmix(++files_, 99).next());
    const encode::Encoded e = encode::encode(s, reference::roster(s, r.people), key, r.owner,
                                             r.population, *draws, silent_, &secret_);
    for (const auto& [record, id] : e.map) local_[{r.owner, record}] = id;
    encoded::Header h;
    h.schema = s;
    h.schema_digest = schema::digest(s);
    h.owner = r.owner;
    h.population = r.population;
    h.key_check = keys::key_check(key);
    h.created = "2026-08-15";
    const std::string file = folder_ / std::to_string(files_);
    REQUIRE(encoded::write(file, h, e.passes, e.records, e.handles, {.force = true}));
    return file;
  }

  Result<Fates> assign(const std::vector<std::string>& files) {
    TESSERA_TRY(auto sets, link::FileSet::open_apart(files));
    TESSERA_TRY(registry::Registry r, registry::Registry::open(path(), registry::Access::write));
    TESSERA_TRY(const auto rules, registry::collection_rules(r));
    for (link::FileSet& set : sets) REQUIRE(intake::enforce_collection(rules, set, "2027-01-01"));
    TESSERA_CHECK(intake::admit(r, sets, true));
    TESSERA_TRY(const auto weighed, intake::weigh(r, sets, *matcher_, silent_));
    TESSERA_TRY(receipt_, intake::commit(r, sets, weighed, *random_, silent_));
    Fates out;
    for (std::size_t i = 0; i < receipt_.issued.size(); ++i) {
      const registry::Incoming& in = weighed.batch.records[i];
      const std::string& owner = weighed.batch.submissions[in.submission].owner;
      const registry::Issued& e = receipt_.issued[i];
      out[owner + "/" + local_.at({owner, in.key})] = {e.id, e.status, e.reason};
    }
    return out;
  }
  Fates must(const std::vector<std::string>& files) {
    auto fates = assign(files);
    if (!fates) FAIL(fates.error().what);
    return *fates;
  }
  const registry::Receipt& receipt() const { return receipt_; }

  std::string verified() const {
    registry::Registry r = open(registry::Access::read);
    Silent silent;
    const auto head = r.verify(silent);
    return head ? "" : head.error().what;
  }
  // That of an epoch of this registry, which may take SSNs.
  schema::Schema own_schema(int epoch) const {
    return ssn_ ? *schema::with_ssn(schema(epoch)) : schema(epoch);
  }
  // Everything on disk that belongs to the registry.
  std::string bytes() const { return bytes_in(folder_ / "", "R.db"); }

 private:
  bool ssn_;
  Scratch folder_;
  std::unique_ptr<link::Matcher> matcher_ = matchers::fellegi_sunter(matchers::shipped_model());
  std::unique_ptr<Random> random_ = seeded_random(1);
  Secret<32> secret_;
  Silent silent_;
  registry::Receipt receipt_;
  std::map<std::pair<std::string, encoded::RecordKey>, std::string> local_;
  std::uint64_t files_ = 0;
};

}  // namespace tessera::test
