// A hunt for birthdays: what is asked follows from what was answered.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "engine/attack/malicious.h"
#include "engine/attack/stolen.h"
#include "engine/core/day.h"
#include "engine/registry/plausible.h"

namespace tessera::attack {
namespace {

using record::Fields;

constexpr int kYear = 365;  // 29 February left out

struct DayOfYear {
  std::uint8_t month = 1, day = 1;
};

std::vector<DayOfYear> days_of_year() {
  constexpr std::uint8_t kLength[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::vector<DayOfYear> out;
  for (std::uint8_t m = 1; m <= 12; ++m)
    for (std::uint8_t d = 1; d <= kLength[m - 1]; ++d) out.push_back({m, d});
  return out;
}

// What is still possible of one victim, and the rows about it.
struct Quarry {
  std::vector<Fields> as_born_on;  // the victim with each day of the year
  KeysOf keys;                     // of those rows
  std::set<int> left;              // days
  int truth = 0;
  bool row_held = false, asked_a_person = false, owner_told = false;
};

// A row that was sent.
struct Sent {
  std::size_t quarry = 0;
  int day = 0;
};

Quarry quarry_of(const schema::Schema& schema, const Fields& victim, std::size_t date_field) {
  Quarry q;
  const auto days = days_of_year();
  const record::Date& born = victim.values[date_field].date;
  for (int d = 0; d < kYear; ++d) {
    const DayOfYear& at = days[static_cast<std::size_t>(d)];
    Fields row = victim;
    row.values[date_field].date.month = at.month;
    row.values[date_field].date.day = at.day;
    q.as_born_on.push_back(std::move(row));
    q.left.insert(d);
    if (at.month == born.month && at.day == born.day) q.truth = d;
  }
  q.keys = keys_of(schema, q.as_born_on);
  return q;
}

std::uint64_t block_of(const Quarry& q, std::size_t pass, int day) {
  const auto& keys = q.keys.of[pass][static_cast<std::size_t>(day)];
  return keys.empty() ? 0 : keys.front();
}

// The days that are left, by their block in a pass.
std::map<std::uint64_t, std::vector<int>> blocks_of(const Quarry& q, std::size_t pass) {
  std::map<std::uint64_t, std::vector<int>> out;
  for (const int d : q.left) out[block_of(q, pass, d)].push_back(d);
  return out;
}

// Of the passes that split the days that are left: the one with the fewest blocks, or the most.
std::size_t pass_with(const Quarry& q, bool fewest) {
  std::size_t best = 0, blocks = 0;
  for (std::size_t p = 0; p < q.keys.of.size(); ++p) {
    const std::size_t n = blocks_of(q, p).size();
    if (n > 1 && (blocks == 0 || (fewest ? n < blocks : n > blocks))) {
      best = p;
      blocks = n;
    }
  }
  return best;
}

class Hunter {
 public:
  Hunter(StateOffice& office, const schema::Schema& schema, const std::string& owner, bool crafted,
         Progress& progress)
      : office_(office), schema_(schema), owner_(owner), crafted_(crafted), progress_(progress) {}

  // Sends rows and keeps, of each quarry, the days that the answers speak for: `known` is stronger
  // than `review`, which held rows and near ones have in common. None: all stay.
  Result<void> send(std::vector<Quarry>& quarries, const std::vector<Sent>& rows, std::size_t pass,
                    bool whole_blocks, Hunt& hunt);
  // Rows let in beyond the bound of a block.
  std::uint64_t beyond(std::uint64_t enrolment) const;
  std::uint64_t sent() const { return sent_; }

 private:
  void spoil_other_tags(encode::Encoded& made, std::size_t pass);
  void count(const Quarry& q, const Sent& row, std::size_t pass);

  StateOffice& office_;
  const schema::Schema& schema_;
  const std::string& owner_;
  bool crafted_;
  Progress& progress_;
  std::uint64_t sent_ = 0;
  std::map<std::pair<std::size_t, std::uint64_t>, std::uint64_t> let_in_;  // by pass and block
};

void Hunter::spoil_other_tags(encode::Encoded& made, std::size_t pass) {
  SeedRandom random(sent_);
  for (std::size_t p = 0; p < made.passes.size(); ++p) {
    if (p == pass) continue;
    for (encoded::Tag& tag : made.passes[p].tags) random.fill(tag);
    made.passes[p].sort();
  }
}

void Hunter::count(const Quarry& q, const Sent& row, std::size_t pass) {
  for (std::size_t p = 0; p < q.keys.of.size(); ++p) {
    if (crafted_ && p != pass) continue;
    for (const std::uint64_t key : q.keys.of[p][static_cast<std::size_t>(row.day)])
      ++let_in_[{p, key}];
  }
}

std::uint64_t Hunter::beyond(std::uint64_t enrolment) const {
  const auto shares = registry::heaviest_shares(schema_);
  std::uint64_t out = 0;
  for (const auto& [where, n] : let_in_) {
    if (!shares[where.first]) continue;
    const std::uint64_t most = registry::plausible_records(*shares[where.first], enrolment);
    out += n > most ? n - most : 0;
  }
  return out;
}

Result<void> Hunter::send(std::vector<Quarry>& quarries, const std::vector<Sent>& rows,
                          std::size_t pass, bool whole_blocks, Hunt& hunt) {
  std::vector<Fields> people;
  for (const Sent& row : rows) {
    people.push_back(quarries[row.quarry].as_born_on[static_cast<std::size_t>(row.day)]);
    people.back().local_id = fmt::format("{}{}", crafted_ ? "entry" : "row", sent_++);
  }
  StateOffice::Craft craft;
  if (crafted_) craft = [this, pass](encode::Encoded& made) { spoil_other_tags(made, pass); };
  TESSERA_TRY(const Batch batch, office_.assign(owner_, people, progress_, craft));
  struct Speaks {
    std::set<int> known, review;
  };
  std::vector<Speaks> speaks(quarries.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Quarry& q = quarries[rows[i].quarry];
    const Told& told = batch.told[i];
    const bool held = told.reason == registry::Reason::crowded_block;
    q.row_held = q.row_held || held;
    q.asked_a_person = q.asked_a_person || (told.status == registry::Status::review && !held);
    q.owner_told = q.owner_told || batch.claimed.contains(told.id);
    ++(held ? hunt.held : hunt.admitted);
    if (!held) count(q, rows[i], pass);
    if (told.status == registry::Status::new_id) continue;
    Speaks& s = speaks[rows[i].quarry];
    std::set<int>& days = told.status == registry::Status::existing ? s.known : s.review;
    days.insert(rows[i].day);
  }
  for (std::size_t v = 0; v < quarries.size(); ++v) {
    Quarry& q = quarries[v];
    const std::set<int>& said = speaks[v].known.empty() ? speaks[v].review : speaks[v].known;
    if (said.empty()) continue;
    std::set<std::uint64_t> blocks;
    for (const int d : said) blocks.insert(block_of(q, pass, d));
    std::erase_if(q.left, [&](int d) {
      return whole_blocks ? !blocks.contains(block_of(q, pass, d)) : !said.contains(d);
    });
  }
  return {};
}

}  // namespace

Result<Hunt> hunt_birthdays(StateOffice& office, const schema::Schema& schema,
                            const std::string& owner, std::span<const Fields> victims,
                            std::uint64_t enrolled, bool crafted, Progress& progress) {
  Hunt hunt{.victims = victims.size()};
  const auto date = schema.field(schema::Kind::date);
  if (!date || victims.empty()) return hunt;
  std::vector<Quarry> quarries;
  for (const Fields& v : victims) quarries.push_back(quarry_of(schema, v, *date));
  Hunter hunter(office, schema, owner, crafted, progress);
  // The first night: one row for each block of the pass that has the fewest.
  const std::size_t coarse = pass_with(quarries.front(), true);
  std::vector<Sent> rows;
  for (std::size_t v = 0; v < quarries.size(); ++v) {
    std::size_t apart = 0;  // other days in other blocks, or the rows would crowd another pass
    for (const auto& [block, days] : blocks_of(quarries[v], coarse))
      rows.push_back({v, days[2 * apart++ % days.size()]});
  }
  TESSERA_CHECK(hunter.send(quarries, rows, coarse, true, hunt));
  // The second: every day that is left.
  const std::size_t fine = pass_with(quarries.front(), false);
  rows.clear();
  for (std::size_t v = 0; v < quarries.size(); ++v)
    for (const int d : quarries[v].left) rows.push_back({v, d});
  TESSERA_CHECK(hunter.send(quarries, rows, fine, false, hunt));
  for (const Quarry& q : quarries) {
    if (!q.left.contains(q.truth)) continue;
    const double learnt =
        std::log2(static_cast<double>(kYear) / static_cast<double>(q.left.size()));
    hunt.bits += learnt;
    hunt.found += q.left.size() == 1 ? 1 : 0;
    hunt.unseen += learnt > 0 && !q.row_held && !q.asked_a_person && !q.owner_told ? 1 : 0;
  }
  hunt.beyond = hunter.beyond(enrolled + hunter.sent());
  return hunt;
}

}  // namespace tessera::attack
