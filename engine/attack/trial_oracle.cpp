// P11: what a malicious owner reads out of `assign` and `locate`, and the unit that tells too much.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/access/locator.h"
#include "engine/attack/digits.h"
#include "engine/attack/malicious.h"
#include "engine/attack/trial.h"

namespace tessera::attack {
namespace {

const double kThreeAnswers = std::log2(3.0) + 1e-9;  // bits; three answers may reach it exactly
constexpr std::uint64_t kControlRows = 126;          // by which half of the SSNs must be known
constexpr double kControlFound = 0.5;
constexpr std::size_t kKnownDigits = 4;
constexpr std::uint64_t kControlTrials = 400;
constexpr std::uint32_t kOwnShare = 20;    // the malicious owner has a 20th of the state's students
constexpr std::uint32_t kTrialShare = 12;  // of the students in each round of guesses,
constexpr std::uint32_t kMostTried = 2400;  // but so many at most,
constexpr std::uint32_t kMostAsked = 400;   // and of the locator, which takes one at a time
constexpr std::uint32_t kHunted = 10;
constexpr std::uint32_t kMostHunted = 50;
constexpr access::Time kMorning = 1'800'025'200;  // a Friday in January 2027, 15:00 UTC
constexpr int kQuestionsTried = 60;               // a day, of the locator

void name_rows(std::vector<record::Fields>& people, std::string_view prefix) {
  for (record::Fields& p : people) p.local_id = fmt::format("{}{}", prefix, p.local_id);
}

// The state: one honest district, whose students are the victims, and the malicious owner.
struct World {
  std::uint32_t students = 0, own = 0, tried = 0;
  std::vector<record::Fields> victims, others;  // `others`: not there; the first are evil's own
  StateOffice office;
};
constexpr const char* kHonest = "north";
constexpr const char* kEvil = "evil";

void add_channel(Trial& trial, Finding f, const Channel& channel) {
  f.setting += fmt::format(", {} rows", channel.trials());
  f.success = channel.bits();
  f.bound = channel.bits_bound(trial.seed);
  f.bar = kThreeAnswers;
  trial.add(std::move(f));
}

Result<void> try_channels(Trial& trial, World& w, Finding f) {
  const std::span<const record::Fields> victims(w.victims), others(w.others);
  const std::uint32_t few = w.tried / 8;
  f.attack = "assign, bits of an answer to a new record key";
  const Guesses first = guesses_about(trial.schema, victims.first(w.tried),
                                      others.subspan(w.own, few), "guess", trial.seed);
  TESSERA_TRY(const Channel fresh, answers_to(w.office, kEvil, first, {}, trial.progress));
  add_channel(trial, f, fresh);
  f.attack = "assign, bits of an answer to a known record key";
  const Guesses second = guesses_about(trial.schema, victims.subspan(w.tried, w.tried),
                                       others.subspan(w.own + few, few), "", trial.seed + 1);
  const auto under = others.subspan(w.own + 2 * few, second.rows.size());
  TESSERA_TRY(const Channel changed, answers_to(w.office, kEvil, second, under, trial.progress));
  add_channel(trial, f, changed);
  f.attack = "locate, bits of an answer";
  const Guesses third =
      guesses_about(trial.schema, victims.subspan(2 * w.tried, std::min(w.tried / 2, kMostAsked)),
                    others.last(std::min(few / 2, kMostAsked / 8)), "question", trial.seed + 2);
  TESSERA_TRY(const Channel replies, replies_to(w.office, kEvil, third, trial.progress));
  add_channel(trial, f, replies);
  return {};
}

// Whose birthday is whole, and a day of every year.
std::vector<record::Fields> to_hunt(const schema::Schema& schema,
                                    std::span<const record::Fields> from, std::size_t most) {
  const std::size_t date = *schema.field(schema::Kind::date);
  std::vector<record::Fields> out;
  for (const record::Fields& p : from) {
    const record::Date& d = p.values[date].date;
    const bool whole = d.year > 0 && d.month > 0 && d.day > 0 && !d.doubted && !d.swapped;
    if (whole && !(d.month == 2 && d.day == 29)) out.push_back(p);
    if (out.size() == most) break;
  }
  return out;
}

Result<void> try_hunts(Trial& trial, World& w, const Finding& like) {
  const auto hunted = std::clamp(w.students / 1000, kHunted, kMostHunted);
  for (const bool crafted : {false, true}) {
    const std::size_t from = (crafted ? 4 : 3) * std::size_t{w.tried};
    const auto victims = to_hunt(trial.schema, std::span(w.victims).subspan(from, w.tried), hunted);
    TESSERA_TRY(const Hunt hunt, hunt_birthdays(w.office, trial.schema, kEvil, victims,
                                                w.own + 3 * w.tried, crafted, trial.progress));
    Finding f = like;
    const std::string what = crafted ? "entries of one pass" : "plain rows";
    const auto number = [&](std::string_view name, double value, std::optional<double> bar) {
      f.attack = fmt::format("birthdays by {}, {}", what, name);
      f.success = f.bound = value;
      f.bar = bar;
      f.right = f.of = 0;
      trial.add(f);
    };
    const auto admitted = static_cast<double>(std::max<std::uint64_t>(hunt.admitted, 1));
    const auto of = static_cast<double>(hunt.victims);
    number("rows let in for each victim", static_cast<double>(hunt.admitted) / of, std::nullopt);
    number("rows held for each victim", static_cast<double>(hunt.held) / of, std::nullopt);
    number("bits for each row let in", hunt.bits / admitted, kThreeAnswers);
    f.attack = fmt::format("birthdays by {}, found", what);
    f.bar.reset();
    trial.add_share(f, hunt.found, hunt.victims);
    f.attack = fmt::format("birthdays by {}, rows beyond a block's bound", what);
    f.bar = 0.0;
    trial.add_share(f, hunt.beyond, hunt.admitted);
    f.attack = fmt::format("birthdays by {}, learnt and nobody told", what);
    trial.add_share(f, hunt.unseen, hunt.victims);
  }
  return {};
}

// A log with an account of the locator, under the policy that ships. `random` outlives it.
Result<access::AccessLog> log_with(const std::string& clerk, const std::string& path,
                                   Random& random) {
  constexpr access::Time kBefore = kMorning - 90 * access::kDay;
  TESSERA_TRY(access::AccessLog log,
              access::AccessLog::create(path, {}, SigningKey::make(random), random, kBefore));
  TESSERA_CHECK(log.add_account({clerk, "Some Person"}, "four plain words here", {}, clerk,
                                access::Work::least, kBefore));
  access::Grant grant;
  grant.account = clerk;
  grant.form = "F";
  grant.approver = "e.marsh";
  TESSERA_TRY([[maybe_unused]] const auto granted, log.add_grant(grant, kBefore));
  return log;
}

// A clerk who guesses one birthday after the other, all day.
Result<void> try_locator(Trial& trial, World& w, const std::string& folder, Finding f) {
  const std::string clerk = "j.doe";
  constexpr std::string_view kPurpose = "transfer of a student";
  SeedRandom random(trial.seed);
  TESSERA_TRY(access::AccessLog log, log_with(clerk, folder + "/clerks", random));
  const std::size_t date = *trial.schema.field(schema::Kind::date);
  const auto victim = to_hunt(trial.schema, std::span(w.victims).last(w.tried), 1);
  const access::VerbRule* rule = log.levels().verb(access::kLocator);
  const int budget = rule == nullptr ? 0 : rule->per_day;
  std::uint64_t answered = 0;
  for (int i = 0; i < kQuestionsTried && !victim.empty(); ++i) {
    const access::Time now = kMorning + i * 60;
    TESSERA_TRY(const access::Decision may,
                log.ask(clerk, access::kLocator, {kEvil}, kPurpose, "1@desk", now));
    if (!may.allowed) continue;
    ++answered;
    record::Fields guess = victim.front();
    guess.values[date].date.month = static_cast<std::uint8_t>(1 + i % 12);
    guess.values[date].date.day = static_cast<std::uint8_t>(1 + i % 28);
    TESSERA_TRY(const intake::Located told, w.office.locate(kEvil, guess, trial.progress));
    access::AccessLog::Shown shown;
    shown.outcome = told.reply == intake::Reply::found  ? access::kFound
                    : told.reply == intake::Reply::none ? access::kNone
                                                        : access::kContact;
    shown.outside = told.outside;
    TESSERA_CHECK(log.answered(clerk, access::kLocator, kPurpose, shown, now));
  }
  TESSERA_TRY(const auto alarms, access::locator_alarms(log, kMorning + access::kDay));
  f.attack = "locate, questions answered in a day";
  f.success = f.bound = static_cast<double>(answered);
  f.bar = budget;
  trial.add(f);
  f.attack = "locate, guesses without an alarm";
  f.bar = 0.0;
  trial.add_share(f, alarms.empty() ? answered : 0, answered);
  return {};
}

// The unit that compares SSNs by digits and answers with its probability.
void try_digits(Trial& trial) {
  Splitmix rng(trial.seed, 23);
  std::vector<std::uint64_t> rows;
  std::uint64_t in_time = 0;
  for (std::uint64_t i = 0; i < kControlTrials; ++i) {
    const std::string secret = fmt::format("{:09}", rng.below(1'000'000'000));
    rows.push_back(rows_to_find(secret, kKnownDigits, 1'000'000, rng.next()));
    in_time += rows.back() <= kControlRows ? 1 : 0;
  }
  std::ranges::sort(rows);
  Finding f{.id = "P11", .target = "probability", .control = true};
  f.setting = fmt::format("{} SSNs, last {} digits known", kControlTrials, kKnownDigits);
  f.attack = fmt::format("SSN known within {} rows", kControlRows);
  f.bar = kControlFound;
  trial.add_share(f, in_time, kControlTrials);
  f.attack = "rows until an SSN is known, median";
  f.bar.reset();
  f.right = f.of = 0;
  f.success = f.bound = static_cast<double>(rows[rows.size() / 2]);
  trial.add(f);
}

}  // namespace

Result<void> try_oracle(Trial& trial) {
  const std::uint32_t n = trial.plan.sizes.oracle;
  TESSERA_TRY(const TrialFolder folder, TrialFolder::make(trial));
  TESSERA_TRY(StateOffice office, StateOffice::open(folder.path(), trial.schema, trial.seed));
  World w{.students = n,
          .own = n / kOwnShare,
          .tried = std::min(n / kTrialShare, kMostTried) / 8 * 8,
          .victims = {},
          .others = {},
          .office = std::move(office)};
  TESSERA_TRY(w.victims, trial.people(n));
  TESSERA_TRY(w.others, trial.people(w.own + 2 * w.tried, n));
  Finding f{.id = "P11", .target = trial.schema.name, .setting = fmt::format("{} people", n)};
  TESSERA_TRY(const Batch honest, w.office.assign(kHonest, w.victims, trial.progress));
  f.attack = "records held of an ordinary district";
  f.bar = 0.0;
  trial.add_share(f,
                  static_cast<std::uint64_t>(std::ranges::count(
                      honest.told, registry::Reason::crowded_block, &Told::reason)),
                  n);
  std::vector<record::Fields> own(w.others.begin(), w.others.begin() + w.own);
  name_rows(own, "own");
  TESSERA_TRY([[maybe_unused]] const Batch mine, w.office.assign(kEvil, own, trial.progress));
  TESSERA_CHECK(try_channels(trial, w, f));
  TESSERA_CHECK(try_hunts(trial, w, f));
  TESSERA_CHECK(try_locator(trial, w, folder.path(), f));
  if (trial.plan.control) try_digits(trial);
  return {};
}

}  // namespace tessera::attack
