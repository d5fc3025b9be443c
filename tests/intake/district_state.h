// A registry in a folder of its own, batches of people into it, and what became of each.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "engine/intake/intake.h"
#include "engine/registry/entry_store.h"
#include "engine/schema/variants.h"
#include "matchers/fellegi_sunter.h"
#include "tests/ledger/scratch.h"
#include "tests/link/submissions.h"

namespace tessera::test {

using encoded::Population;
using reference::Person;
using registry::Reason;
using registry::Status;

struct Roster {
  std::string owner;
  std::vector<Person> people;
  Population population = Population::student;
};

struct Fate {
  registry::StateId id = 0;
  Status status = Status::review;
  Reason reason = Reason::none;
};
using Fates = std::map<std::string, Fate>;  // by "owner/local id"

// A registry in a folder of its own, and batches into it.
class State {
 public:
  explicit State(std::uint64_t seed = 1, bool ssn = false,
                 schema::Schema schema = *schema::load("default"))
      : schema_(std::move(schema)), random_(seeded_random(seed)) {
    if (ssn) schema_ = *schema::with_ssn(schema_);
    registry::CreateOptions options;
    options.schema = schema_;
    options.protection = encoded::Protection::trial;
    const auto made = registry::Registry::create(path(), options, *random_);
    REQUIRE(made);
  }
  std::string path() const { return folder_ / "R.db"; }
  const schema::Schema& schema() const { return schema_; }
  std::string folder(const std::string& name) const { return folder_ / name; }
  const registry::Receipt& receipt() const { return receipt_; }

  std::vector<std::string> write(const std::vector<Roster>& rosters) {
    std::vector<std::string> paths;
    for (const Roster& r : rosters) {
      ++files_;  // handles differ at each submission
      paths.push_back(test::submit(folder_ / std::to_string(files_), schema_, r.people, r.owner,
                                   r.population, files_));
    }
    return paths;
  }

  Fates assign(const std::vector<Roster>& rosters) {
    auto paths = write(rosters);
    std::map<std::pair<std::string, encoded::RecordKey>, std::string> local;
    for (const Roster& r : rosters)
      for (const auto& [key, id] :
           test::encode_people(schema_, r.people, r.owner, 1, 1, r.population).map)
        local[{r.owner, key}] = id;
    auto files = link::FileSet::open(paths);
    REQUIRE(files);
    auto registry = registry::Registry::open(path(), registry::Access::write);
    REQUIRE(registry);
    const auto weighed = intake::weigh(*registry, {&*files, 1}, *matcher_, silent_);
    REQUIRE(weighed);
    CHECK(weighed->decisions.size() == files->records());
    compared_ = weighed->compared;
    const auto receipt = intake::commit(*registry, {&*files, 1}, *weighed, *random_, silent_);
    REQUIRE(receipt);
    receipt_ = *receipt;
    Fates out;
    for (std::uint32_t i = 0; i < files->records(); ++i) {
      const std::string& owner = files->files()[files->file_of(i)].header().owner;
      const registry::Issued& e = receipt->issued[i];
      out[owner + "/" + local.at({owner, files->record(i).key})] = {e.id, e.status, e.reason};
    }
    return out;
  }
  std::uint64_t compared() const { return compared_; }

 private:
  Scratch folder_;
  schema::Schema schema_;
  std::unique_ptr<link::Matcher> matcher_ = matchers::fellegi_sunter(matchers::shipped_model());
  std::unique_ptr<Random> random_;
  Silent silent_;
  registry::Receipt receipt_;
  std::uint64_t files_ = 0;
  std::uint64_t compared_ = 0;
};

// Distinct people, so that a test's own few stand in a crowd.
inline std::vector<Person> crowd(int n, std::uint64_t seed) {
  Splitmix random(seed);
  std::vector<Person> out;
  for (int i = 0; i < n; ++i) {
    out.push_back(reference::draw_person(random, "c" + std::to_string(i)));
    out.back().middle = out.back().middle.empty() ? "QUINN" : out.back().middle;
  }
  return out;
}

inline const Person kMaria{"m1", "MARIA", "ROSE", "HERNANDEZ", "2010-03-07", "F", "", ""};

inline std::vector<Person> with(std::vector<Person> people, const Person& p) {
  people.push_back(p);
  return people;
}

inline Person changed(Person p, const std::string& id, const std::string& first,
                      const std::string& last) {
  p.id = id;
  p.first = first;
  p.last = last;
  return p;
}

}  // namespace tessera::test
