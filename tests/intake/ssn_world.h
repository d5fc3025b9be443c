// A registry that takes SSNs, batches into it, and the bytes that come from SSNs.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/core/file.h"
#include "engine/intake/collection.h"
#include "engine/intake/intake.h"
#include "engine/schema/layout.h"
#include "engine/schema/ssn_pass.h"
#include "engine/schema/variants.h"
#include "matchers/fellegi_sunter.h"
#include "tests/ledger/scratch.h"
#include "tests/link/submissions.h"
#include "tests/reference/needles.h"

namespace tessera::test {

using reference::Person;

inline std::vector<Person> people(int n, std::uint64_t seed, bool ssn) {
  Splitmix random(seed);
  std::vector<Person> out;
  for (int i = 0; i < n; ++i) {
    out.push_back(reference::draw_person(random, "p" + std::to_string(i)));
    out.back().middle = "QUINN";
    // Surnames of their own, so that nobody waits for a person to look.
    constexpr const char* kParts[] = {"BAR", "DEL", "MOX", "TIN", "GOS", "RAV", "KUP", "ZEN"};
    out.back().last = std::string(kParts[i % 8]) + kParts[i / 8 % 8] + kParts[(i + 3) % 7];
    out.back().ssn = ssn ? fmt::format("{:03}{:02}{:04}", 100 + i, 10 + i % 80, 1000 + i) : "";
  }
  return out;
}

// A registry that takes SSNs, and batches into it.
class SsnWorld {
 public:
  explicit SsnWorld(schema::Schema with = *schema::with_ssn(*schema::load("default")))
      : schema(std::move(with)) {
    registry::CreateOptions options;
    options.schema = schema;
    options.protection = encoded::Protection::trial;
    REQUIRE(registry::Registry::create(path(), options, *random));
  }
  std::string path() const { return folder / "R.db"; }
  registry::Registry open(registry::Access access = registry::Access::read) {
    auto r = registry::Registry::open(path(), access);
    REQUIRE(r);
    return *std::move(r);
  }
  link::FileSet submit(const std::vector<Person>& rows, const std::string& owner) {
    ++files;
    // Neighbouring seeds give one stream, shifted by a byte: handles of one file would be found in
    // those of the next, and in the registry's name.
    const std::uint64_t handles = Splitmix(files, 99).next();
    auto set = link::FileSet::open({test::submit(folder / std::to_string(files), schema, rows,
                                                 owner, encoded::Population::student, handles)});
    REQUIRE(set);
    return *std::move(set);
  }
  // As 'tessera assign' does it.
  registry::Receipt assign(link::FileSet& set, std::string_view day = "2027-01-01") {
    registry::Registry r = open(registry::Access::write);
    auto enforced = intake::enforce_collection(*registry::collection_rules(r), set, day);
    REQUIRE(enforced);
    notices = *std::move(enforced);
    Silent silent;
    const auto weighed = intake::weigh(r, {&set, 1}, *matcher, silent);
    REQUIRE(weighed);
    repeated = intake::repeated_ssns(*weighed);
    const auto receipt = intake::commit(r, {&set, 1}, *weighed, *random, silent);
    REQUIRE(receipt);
    return *receipt;
  }
  std::string verified() {
    Silent silent;
    registry::Registry r = open();
    const auto head = r.verify(silent);
    return head ? "" : head.error().what;
  }
  // Everything on disk that belongs to the registry.
  std::string bytes() const { return bytes_in(folder / "", "R.db"); }
  std::int64_t count(const std::string& query) { return *open().database().integer(query); }

  Scratch folder;
  schema::Schema schema;
  std::unique_ptr<Random> random = seeded_random(8);
  std::unique_ptr<link::Matcher> matcher = matchers::fellegi_sunter(matchers::shipped_model());
  std::uint64_t files = 0;
  intake::Enforced notices;
  std::vector<intake::Notice> repeated;
};

inline std::vector<registry::StateId> ids_of(const registry::Receipt& receipt) {
  std::vector<registry::StateId> out;
  for (const registry::Issued& e : receipt.issued) out.push_back(e.id);
  return out;
}

// What of a file comes from a field and can be found again: its slots of eight bytes and more.
inline std::vector<std::string> field_bytes(const link::FileSet& set, std::string_view field) {
  std::vector<std::string> out;
  for (std::size_t p = 0; p < set.schema().passes.size(); ++p) {
    const encoded::PassView v = *set.files()[0].load(p);
    for (const schema::Slot& s : schema::layout(set.schema(), p).slots) {
      if (s.field != *set.schema().field(field) || s.bits < 64) continue;
      for (std::size_t i = 0; i < v.rows(); ++i)
        out.emplace_back(reinterpret_cast<const char*>(v.bits.data() + i * v.stride + s.offset),
                         s.bits / 8);
    }
  }
  return out;
}

// What of a file comes from an SSN and can be found again: the entries' tags and bits in SSN
// passes, and the tokens of each pass, eight at a time in the order in which a slab keeps them.
inline std::vector<std::string> ssn_bytes(const link::FileSet& set) {
  std::vector<std::string> out;
  const auto text = [](const void* p, std::size_t n) {
    return std::string(static_cast<const char*>(p), n);
  };
  for (std::size_t p = 0; p < set.schema().passes.size(); ++p) {
    const encoded::PassView v = *set.files()[0].load(p);
    if (schema::keyed_by_ssn(set.schema(), p))
      for (std::size_t i = 0; i < v.rows(); ++i) {
        out.push_back(text(v.tags[i].data(), v.tags[i].size()));
        out.push_back(text(v.bits.data() + i * v.stride, v.stride));
      }
    for (std::size_t i = 0; i + 8 <= v.ssn_tokens.size(); i += 8)
      out.push_back(text(v.ssn_tokens.data() + i, 16));
  }
  return out;
}

}  // namespace tessera::test
