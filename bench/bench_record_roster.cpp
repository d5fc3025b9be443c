// How fast a roster is read and made canonical, on one core: rows per second of processor time, so
// that other work on the machine shows little. usage: bench_record_roster [rows]
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "bench/clocks.h"
#include "engine/core/parallel.h"
#include "engine/core/progress.h"
#include "engine/core/random.h"
#include "engine/record/fold.h"
#include "engine/record/name.h"
#include "engine/record/phonetic.h"
#include "engine/record/roster.h"

namespace {

using namespace tessera;

constexpr std::array kGiven = {"Mary", "James", "Sofia",     "William",     "Mary Ann",
                               "Liam", "Billy", "Guadalupe", "Christopher", "Ava"};
constexpr std::array kSurnames = {"Smith",       "Garcia Lopez", "O'Brien",    "de la Cruz",
                                  "Nguyen",      "Jones-Drew",   "Montgomery", "Lee",
                                  "Williams Jr", "McDonald"};
constexpr std::array kAccented = {"Jos\xC3\xA9", "Mu\xC3\xB1oz", "Nguy\xE1\xBB\x85n",
                                  "S\xC3\xB8rensen"};

constexpr auto kNothing = [] {};

// The median rate of five runs of `body`, which does `n` things; `before` is not measured.
template <class Body, class Before = decltype(kNothing)>
void measure(const char* what, std::size_t n, Body body, Before before = kNothing) {
  std::array<double, 5> rates{};
  for (double& rate : rates) {
    before();
    const double begin = bench::cpu_seconds();
    body();
    rate = static_cast<double>(n) / (bench::cpu_seconds() - begin);
  }
  std::ranges::sort(rates);
  std::printf("%-44s %10.0f /s  (%.0f-%.0f)\n", what, rates[2], rates[0], rates[4]);
}

std::string make_roster(std::size_t rows) {
  Splitmix random(1);
  std::string text = "local_id,first_name,middle_name,last_name,dob,sex,ssn,grade\n";
  char line[160];
  for (std::size_t i = 0; i < rows; ++i) {
    const int n = std::snprintf(
        line, sizeof line, "S%07zu,%s,%c,%s,%04u-%02u-%02u,%s,%09u,%02u\n", i,
        kGiven[random.below(kGiven.size())], static_cast<char>('A' + random.below(26)),
        kSurnames[random.below(kSurnames.size())], static_cast<unsigned>(2004 + random.below(16)),
        static_cast<unsigned>(1 + random.below(12)), static_cast<unsigned>(1 + random.below(28)),
        random.below(2) != 0 ? "Female" : "M",
        static_cast<unsigned>(100000000 + random.below(560000000)),
        static_cast<unsigned>(random.below(13)));
    text.append(line, static_cast<std::size_t>(n));
  }
  return text;
}

schema::Schema make_schema() {
  schema::Schema s;
  using schema::Kind;
  const std::pair<const char*, Kind> fields[] = {
      {"first", Kind::given_name}, {"middle", Kind::middle_name}, {"last", Kind::surname},
      {"dob", Kind::date},         {"sex", Kind::category},       {"ssn", Kind::ssn}};
  for (const auto& [name, kind] : fields) {
    schema::Field f;
    f.name = name;
    f.kind = kind;
    if (kind == Kind::date) f.formats = {"%Y-%m-%d", "%m/%d/%Y"};
    if (kind == Kind::category) f.values = {{"F", {"female"}}, {"M", {"male"}}};
    s.fields.push_back(std::move(f));
  }
  return s;
}

void measure_roster(std::size_t rows) {
  const std::string text = make_roster(rows);
  const schema::Schema schema = make_schema();
  record::ReadOptions options;
  options.today = {2026, 11, 21, false};
  Silent silent;
  std::optional<record::Roster> kept;  // so that giving its memory back is not measured
  const auto forget = [&] { kept.reset(); };
  measure(
      "rows read and made canonical, 8 columns", rows,
      [&] {
        auto r = record::read_roster_bytes(as_bytes(text), "bench", schema, options, silent);
        if (!r || r->records.size() != rows) std::abort();
        kept = *std::move(r);
      },
      forget);
}

void measure_names() {
  constexpr std::size_t kNames = 1'000'000;
  std::vector<record::Name> names;
  std::string folded;
  std::size_t sum = 0;  // keeps the work from being dropped
  measure("ASCII names folded", kNames, [&] {
    for (std::size_t i = 0; i < kNames; ++i) {
      record::fold(kSurnames[i % kSurnames.size()], folded);
      sum += folded.size();
    }
  });
  measure("given names read", kNames, [&] {
    for (std::size_t i = 0; i < kNames; ++i) {
      names.clear();
      char initial = 0;
      record::read_given_name(kGiven[i % kGiven.size()], names, initial);
      sum += names.size();
    }
  });
  measure("surnames read", kNames, [&] {
    for (std::size_t i = 0; i < kNames; ++i) {
      names.clear();
      record::read_surname(kSurnames[i % kSurnames.size()], names);
      sum += names.size();
    }
  });
  measure("accented names folded (ICU)", kNames / 50, [&] {
    for (std::size_t i = 0; i < kNames / 50; ++i) {
      record::fold(kAccented[i % kAccented.size()], folded);
      sum += folded.size();
    }
  });
  for (const auto phonetic : {record::Phonetic::soundex, record::Phonetic::nysiis})
    measure(phonetic == record::Phonetic::soundex ? "soundex" : "nysiis", kNames, [&] {
      constexpr std::array kParts = {"GARCIA", "OBRIEN", "DELACRUZ", "MONTGOMERY", "LEE"};
      for (std::size_t i = 0; i < kNames; ++i)
        sum += record::phonetic_code(kParts[i % kParts.size()], phonetic).size();
    });
  std::printf("(%zu)\n", sum);
}

}  // namespace

int main(int argc, char** argv) {
  set_threads(1);
  const std::size_t rows = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 300'000;
  measure_roster(std::max<std::size_t>(rows, 1));
  measure_names();
}
