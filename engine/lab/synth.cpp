// Writing the rosters of a state, year by year.
#include "engine/lab/synth.h"

#include <fmt/format.h>

#include "engine/core/parallel.h"
#include "engine/lab/synth_folder.h"
#include "engine/lab/synth_rows.h"

namespace tessera::lab {
namespace {

struct Range {
  std::size_t begin = 0, end = 0;
};

// Writes the files of one state; `spells` are in the order of the rosters.
class Writer {
 public:
  Writer(const State& state, const SynthOptions& options, const std::vector<Spell>& spells,
         NewFolder& folder, Progress& progress)
      : state_(state),
        options_(options),
        spells_(spells),
        folder_(folder),
        progress_(progress),
        owners_(state.lives.owners()),
        ranges_(owners_.count()) {
    for (std::size_t i = 0; i < spells.size(); ++i) {
      Range& r = ranges_[spells[i].owner];
      if (r.end == 0) r.begin = i;
      r.end = i + 1;
    }
  }
  Result<void> truth();
  Result<void> groups();
  Result<void> rosters();
  std::uint64_t rows = 0, local_ids = 0;

 private:
  bool listed_before(std::size_t i) const {
    return i > 0 && spells_[i - 1].owner == spells_[i].owner &&
           spells_[i - 1].number == spells_[i].number;
  }
  bool on_list(const Spell& spell, const Person& p, std::uint32_t tick, bool night,
               Copy& copy) const;
  Result<void> roster(std::uint16_t owner, std::uint32_t year, std::uint32_t night);
  Result<void> one_roster(const std::string& folder, std::uint16_t owner, std::uint32_t year,
                          std::uint32_t night);
  Result<void> wages(std::uint32_t year);

  const State& state_;
  const SynthOptions& options_;
  const std::vector<Spell>& spells_;
  NewFolder& folder_;
  Progress& progress_;
  const Owners& owners_;
  std::vector<Range> ranges_;
};

Result<void> Writer::truth() {
  progress_.begin("truth", spells_.size(), "local IDs");
  TESSERA_TRY(local_ids, write_lines(
                             folder_, {{"truth.csv", "owner,local_id,person\n"}}, spells_.size(),
                             [&](std::size_t i, Parts& out) -> std::size_t {
                               if (listed_before(i)) return 0;
                               const Spell& s = spells_[i];
                               out[0] += fmt::format("{},{},p{:08}\n", owner_name(owners_, s.owner),
                                                     local_id(owners_, s), s.person);
                               return 1;
                             },
                             progress_));
  return {};
}

Result<void> Writer::groups() {
  progress_.begin("groups", spells_.size(), "local IDs");
  const LineFile file{"groups.csv",
                      "owner,local_id,ethnicity,sex,compound_surname,twin,ssn_state,population\n"};
  auto make = [&](std::size_t i, Parts& out) -> std::size_t {
    if (listed_before(i)) return 0;
    const Spell& s = spells_[i];
    const Person p = state_.people.person(s.person);
    const Copy copy = state_.typist.copy(s, p, s.begin);
    out[0] += fmt::format("{},{},{},{},{:d},{:d},{},{}\n", owner_name(owners_, s.owner),
                          local_id(owners_, s), name_of(p.ethnicity), p.sex, p.compound, p.multiple,
                          copy.ssn_status.empty() ? "not_asked" : copy.ssn_status,
                          population_name(owners_.of(s.owner).sector));
    return 1;
  };
  TESSERA_TRY([[maybe_unused]] const std::uint64_t made,
              write_lines(folder_, {file}, spells_.size(), make, progress_));
  return {};
}

// Whether the roster of a tick has this spell: in October all who are enrolled, in a night those
// who are new or whose copy reads differently from the day before.
bool Writer::on_list(const Spell& s, const Person& p, std::uint32_t tick, bool night,
                     Copy& copy) const {
  const Version now = state_.typist.version(s, p, tick);
  if (night && s.begin != tick) {
    const Version before = state_.typist.version(s, p, tick - 1);
    if (now == before) return false;
    copy = state_.typist.copy(s, p, now);
    return copy != state_.typist.copy(s, p, before);
  }
  copy = state_.typist.copy(s, p, now);
  return true;
}

Result<void> Writer::roster(std::uint16_t owner, std::uint32_t year, std::uint32_t night) {
  const Sector sector = owners_.of(owner).sector;
  const Range range = ranges_[owner];
  const std::uint32_t tick = year * state_.shape.slots() + night;
  const bool with_ssn = sector != Sector::student || options_.ssn_share > 0;
  const std::string when = sector != Sector::student ? std::string(population_name(sector))
                           : night == 0              ? "october"
                                                     : fmt::format("night{:02}", night);
  const std::string base = fmt::format("year{}/{}/{}", year + 1, when, owner_name(owners_, owner));
  const bool folder =
      sector == Sector::student && options_.one_roster && owner + 1U == owners_.districts;
  std::vector<LineFile> files = {{base + ".csv", roster_header(sector, with_ssn), night == 0}};
  if (folder) {
    const auto headers = one_roster_headers(with_ssn);
    files = {{base + "/users.csv", headers[0], night == 0},
             {base + "/roles.csv", headers[1], night == 0},
             {base + "/demographics.csv", headers[2], night == 0}};
  }
  auto make = [&](std::size_t i, Parts& out) -> std::size_t {
    const Spell& s = spells_[range.begin + i];
    if (s.begin > tick || tick >= s.end) return 0;
    const Person p = state_.people.person(s.person);
    Copy copy;
    if (!on_list(s, p, tick, night > 0, copy)) return 0;
    const Line line{owners_, s, p, copy, year, night};
    if (!folder) {
      append_roster(out[0], line, with_ssn);
    } else {
      std::array<std::string, kOneRosterParts> parts;
      append_one_roster(parts, line, with_ssn);
      for (std::size_t f = 0; f < parts.size(); ++f) out[f] += parts[f];
    }
    return 1;
  };
  TESSERA_TRY(const std::uint64_t made,
              write_lines(folder_, files, range.end - range.begin, make, progress_));
  rows += made;
  if (folder && (made > 0 || night == 0)) {
    TESSERA_CHECK(folder_.write(base + "/manifest.csv", one_roster_manifest(night > 0)));
    if (night == 0)
      TESSERA_CHECK(folder_.write(base + "/orgs.csv", one_roster_orgs(owner_name(owners_, owner))));
  }
  return {};
}

Result<void> Writer::wages(std::uint32_t year) {
  for (std::uint32_t q = 0; q < 4; ++q) {
    const Range range = ranges_[owners_.id(Sector::wage, 4 * year + q)];
    const std::string base = fmt::format("year{}/wages/wages_{}", year + 1, q + 1);
    auto make = [&](std::size_t i, Parts& out) -> std::size_t {
      const Spell& s = spells_[range.begin + i];
      const Person p = state_.people.person(s.person);
      const Copy copy = state_.typist.copy(s, p, s.begin);
      const Line line{owners_, s, p, copy, year, 0};
      append_wage_record(out[0], line);
      append_wage_row(out[1], line);
      return 1;
    };
    TESSERA_TRY(const std::uint64_t made,
                write_lines(folder_, {{base + ".txt", ""}, {base + ".csv", wage_header()}},
                            range.end - range.begin, make, progress_));
    rows += made;
  }
  return {};
}

Result<void> Writer::rosters() {
  const std::uint32_t wages_from = owners_.count() - 4 * owners_.years;
  for (std::uint32_t year = 0; year < state_.shape.years; ++year) {
    for (std::uint32_t night = 0; night <= state_.shape.nights; ++night) {
      const std::uint32_t owners = night == 0 ? wages_from : owners_.districts;
      std::size_t spells = 0;
      for (std::uint32_t o = 0; o < owners; ++o) spells += ranges_[o].end - ranges_[o].begin;
      progress_.begin(night == 0 ? fmt::format("year {}, October", year + 1)
                                 : fmt::format("year {}, night {}", year + 1, night),
                      spells, "enrolments");
      for (std::uint16_t owner = 0; owner < owners; ++owner)
        TESSERA_CHECK(roster(owner, year, night));
    }
    progress_.begin(fmt::format("year {}, wages", year + 1), 0, "records");
    TESSERA_CHECK(wages(year));
  }
  return {};
}

Result<void> write_moves(NewFolder& folder, const Owners& owners, std::uint32_t slots,
                         const std::vector<Move>& moves, Progress& progress) {
  progress.begin("moves", moves.size(), "moves");
  auto make = [&](std::size_t i, Parts& out) -> std::size_t {
    const Move& m = moves[i];
    Spell from = m.to;
    from.owner = m.to.from;
    from.number = m.from_number;
    out[0] += fmt::format("{},{},{},{},{},{}\n", owner_name(owners, m.to.owner),
                          local_id(owners, m.to), owner_name(owners, from.owner),
                          local_id(owners, from), m.to.begin / slots + 1, m.to.begin % slots);
    return 1;
  };
  TESSERA_TRY(
      [[maybe_unused]] const std::uint64_t made,
      write_lines(folder, {{"moves.csv", "owner,local_id,from_owner,from_local_id,year,night\n"}},
                  moves.size(), make, progress));
  return {};
}

Result<void> check(const SynthOptions& o) {
  const auto bad = [](const char* what) { return Error{ErrorCode::usage, what, ""}; };
  if (o.shape.students < 1 || o.shape.students > 50000000)
    return bad("--students must be from 1 to 50,000,000");
  if (o.shape.years < 1 || o.shape.years > 20) return bad("--years must be from 1 to 20");
  if (o.shape.districts < 1 || o.shape.districts > 5000)
    return bad("--districts must be from 1 to 5,000");
  if (o.shape.nights > 60) return bad("--nights must be at most 60");
  if (!(o.ssn_share >= 0 && o.ssn_share <= 1)) return bad("--ssn-share must be from 0 to 1");
  return {};
}

std::string parameters(const SynthOptions& o) {
  return fmt::format(
      "{{\n  \"tessera_synth\": 1,\n  \"seed\": {},\n  \"students\": {},\n  \"years\": {},\n"
      "  \"districts\": {},\n  \"colleges\": {},\n  \"nights\": {},\n  \"noise\": {},\n"
      "  \"ssn_share\": {},\n  \"one_roster\": {}\n}}\n",
      o.shape.seed, o.shape.students, o.shape.years, o.shape.districts, o.shape.colleges,
      o.shape.nights, o.noise, o.ssn_share, o.one_roster);
}

}  // namespace

std::vector<Spell> State::spells(Progress& progress) const {
  constexpr std::size_t kGrain = 4096;
  const std::size_t n = people.size();
  progress.begin("lives", n, "people");
  std::vector<std::vector<Spell>> chunks((n + kGrain - 1) / kGrain);
  parallel_for(n, kGrain, [&](std::size_t begin, std::size_t end) {
    std::vector<Spell>& own = chunks[begin / kGrain];
    for (std::size_t i = begin; i < end; ++i) lives.spells_of(static_cast<std::uint32_t>(i), own);
    progress.advance(end - begin);
  });
  std::vector<Spell> out;
  std::size_t total = 0;
  for (const auto& chunk : chunks) total += chunk.size();
  out.reserve(total);
  for (auto& chunk : chunks) {
    out.insert(out.end(), chunk.begin(), chunk.end());
    std::vector<Spell>().swap(chunk);
  }
  number_spells(out, lives.owners(), shape.seed);
  return out;
}

Result<SynthSummary> write_state(const SynthOptions& options, Progress& progress) {
  TESSERA_CHECK(check(options));
  TESSERA_TRY(const NameTables names, NameTables::load(options.names));
  TESSERA_TRY(NewFolder folder, NewFolder::create(options.out, options.force));
  const State state(names, options.shape, options.noise, options.ssn_share);
  std::vector<Spell> spells = state.spells(progress);
  const std::vector<Move> moves = transfers(spells);
  TESSERA_CHECK(write_moves(folder, state.lives.owners(), options.shape.slots(), moves, progress));
  sort_by_number(spells);
  Writer writer(state, options, spells, folder, progress);
  TESSERA_CHECK(writer.truth());
  TESSERA_CHECK(writer.groups());
  TESSERA_CHECK(writer.rosters());
  TESSERA_CHECK(folder.write("synth.json", parameters(options)));
  TESSERA_CHECK(folder.commit());
  SynthSummary summary;
  summary.people = state.people.size();
  summary.local_ids = writer.local_ids;
  summary.rows = writer.rows;
  summary.files = folder.files();
  return summary;
}

}  // namespace tessera::lab
