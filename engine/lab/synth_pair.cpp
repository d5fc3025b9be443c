// Two rosters with a known overlap, for linkage benches.
#include <cmath>

#include <fmt/format.h>

#include "engine/lab/synth.h"
#include "engine/lab/synth_folder.h"
#include "engine/lab/synth_rows.h"
#include "engine/lab/synth_stream.h"

namespace tessera::lab {
Result<SynthSummary> write_pair(const PairOptions& o, Progress& progress) {
  if (o.people < 1 || o.people > 50000000)
    return Error{ErrorCode::usage, "--pair must be from 1 to 50,000,000", ""};
  if (!(o.overlap >= 0 && o.overlap <= 1))
    return Error{ErrorCode::usage, "--overlap must be from 0 to 1", ""};
  TESSERA_TRY(const NameTables names, NameTables::load(o.names));
  TESSERA_TRY(NewFolder folder, NewFolder::create(o.out, o.force));
  Shape shape;
  shape.seed = o.seed;
  shape.students = o.people;
  shape.districts = 2;
  shape.nights = 0;
  shape.school_age_only = true;
  const State state(names, shape, o.noise, o.ssn_share);
  const auto shared = static_cast<std::uint32_t>(std::lround(o.overlap * o.people));
  const bool with_ssn = o.ssn_share > 0;
  // Who stands in a row: rosters overlap at the end of a's people, and neither shows an order.
  auto who = [&](std::size_t owner, std::size_t row) {
    return permuted(row, o.people, mix(o.seed, owner, 5)) + (owner == 0 ? 0 : o.people - shared);
  };
  SynthSummary summary;
  for (std::uint16_t owner = 0; owner < 2; ++owner) {
    const std::string name = owner == 0 ? "a" : "b";
    progress.begin("roster " + name, o.people, "people");
    auto make = [&](std::size_t i, Parts& out) -> std::size_t {
      Spell s;
      s.person = who(owner, i);
      s.owner = owner;
      s.number = static_cast<std::uint32_t>(i);
      s.end = 1;
      const Person p = state.people.person(s.person);
      const Copy copy = state.typist.copy(s, p, 0);
      append_roster(out[0], {state.lives.owners(), s, p, copy, 0, 0}, with_ssn);
      return 1;
    };
    TESSERA_TRY(const std::uint64_t made,
                write_lines(folder, {{name + ".csv", roster_header(Sector::student, with_ssn)}},
                            o.people, make, progress));
    summary.rows += made;
  }
  progress.begin("truth", 2ULL * o.people, "local IDs");
  auto make = [&](std::size_t i, Parts& out) -> std::size_t {
    const std::size_t owner = i < o.people ? 0 : 1, row = i - owner * o.people;
    const std::uint32_t person = who(owner, row);
    out[0] += fmt::format("{},{:06},p{:08}\n", owner == 0 ? "a" : "b", row, person);
    return 1;
  };
  TESSERA_TRY(summary.local_ids, write_lines(folder, {{"truth.csv", "owner,local_id,person\n"}},
                                             2ULL * o.people, make, progress));
  TESSERA_CHECK(
      folder.write("synth.json", fmt::format("{{\n  \"tessera_synth\": 1,\n  \"pair\": {},\n"
                                             "  \"overlap\": {},\n  \"seed\": {}\n}}\n",
                                             o.people, o.overlap, o.seed)));
  TESSERA_CHECK(folder.commit());
  summary.people = 2ULL * o.people - shared;
  summary.files = folder.files();
  return summary;
}

}  // namespace tessera::lab
