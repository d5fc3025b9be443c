#include "engine/link/levels.h"

#include <array>
#include <cmath>
#include <cstring>

#include "engine/core/bytes.h"

namespace tessera::link {
namespace {

using block::Entry;
using schema::Holds;
using schema::Kind;

constexpr std::array<std::string_view, 8> kName{"missing", "equal", "close", "similar",
                                                "near",    "part",  "far",   "swapped"};
constexpr std::array<std::string_view, 6> kMiddle{"missing", "equal",        "close",
                                                  "initial", "same_initial", "far"};
constexpr std::array<std::string_view, 8> kDate{"missing",  "equal",      "swapped",   "one_digit",
                                                "one_part", "two_digits", "year_only", "far"};
constexpr std::array<std::string_view, 3> kCategory{"missing", "equal", "far"};
constexpr std::array<std::string_view, 4> kNumber{"missing", "equal", "close", "far"};

// Shared n-grams over the longer value, from which a level holds; see docs/decisions on levels.
constexpr double kClose = 0.70;
constexpr double kSimilar = 0.50;
constexpr double kNear = 0.33;

// Shared bits from which the estimated share of common n-grams is at least s: unrelated values
// share weight^2/bits by chance, equal ones weight.
std::uint32_t bits_for(double s, std::uint32_t bits, std::uint32_t weight) {
  const double fill = static_cast<double>(weight) / static_cast<double>(bits);
  return static_cast<std::uint32_t>(
      std::ceil(static_cast<double>(weight) * (fill + s * (1 - fill))));
}

// All that compares two entries is inlined into one function for each set of instructions, so that
// bits are counted with what the processor has.
#define TESSERA_INLINE [[gnu::always_inline]] inline

TESSERA_INLINE std::uint32_t shared_bits(const std::uint8_t* a, const std::uint8_t* b,
                                         std::uint32_t words) {
  std::uint32_t n = 0;
  for (std::uint32_t w = 0; w < words; ++w) {
    std::uint64_t x = 0;
    std::uint64_t y = 0;
    std::memcpy(&x, a + std::size_t{w} * 8, 8);
    std::memcpy(&y, b + std::size_t{w} * 8, 8);
    n += static_cast<std::uint32_t>(__builtin_popcountll(x & y));
  }
  return n;
}

TESSERA_INLINE std::uint16_t code(const Entry& e, std::uint32_t at) {
  return load_le<std::uint16_t>(e.bits + at);
}

// Whether both know a value: by the bits in the clear, or by a code that those who know it share.
TESSERA_INLINE bool both(const Entry& a, const Entry& b, std::uint16_t mask, std::uint32_t hidden) {
  if (mask == 0) return code(a, hidden) == code(b, hidden);
  return (a.presence & b.presence & mask) != 0;
}

TESSERA_INLINE bool both_know(const FieldPlan& f, const Entry& a, const Entry& b) {
  return both(a, b, f.known, f.known_code);
}
TESSERA_INLINE bool both_know_more(const FieldPlan& f, const Entry& a, const Entry& b) {
  return both(a, b, f.also_known, f.also_known_code);
}

TESSERA_INLINE std::uint8_t grade(const FieldPlan& f, std::uint32_t shared) {
  using namespace level;
  if (shared == f.weight) return name_equal;
  if (shared >= f.close) return name_close;
  if (shared >= f.similar) return name_similar;
  return shared >= f.near ? name_near : name_far;
}

TESSERA_INLINE std::uint8_t name_level(const FieldPlan& f, const Entry& a, const Entry& b) {
  using namespace level;
  if (!both_know(f, a, b)) return name_missing;
  const std::uint8_t g = grade(f, shared_bits(a.bits + f.filter, b.bits + f.filter, f.words));
  if (g <= name_close) return g;
  const std::uint16_t a1 = code(a, f.codes);
  const std::uint16_t a2 = code(a, f.codes + 2);
  const std::uint16_t b1 = code(b, f.codes);
  const std::uint16_t b2 = code(b, f.codes + 2);
  return a1 == b1 || a1 == b2 || a2 == b1 || a2 == b2 ? static_cast<std::uint8_t>(name_part) : g;
}

TESSERA_INLINE std::uint8_t middle_level(const FieldPlan& f, const Entry& a, const Entry& b) {
  using namespace level;
  if (!both_know(f, a, b)) return middle_missing;
  if (code(a, f.codes) != code(b, f.codes)) return middle_far;
  if (!both_know_more(f, a, b)) return middle_initial;
  const std::uint8_t g = grade(f, shared_bits(a.bits + f.filter, b.bits + f.filter, f.words));
  if (g == name_equal) return middle_equal;
  return g == name_close || g == name_similar ? middle_close : middle_same_initial;
}

TESSERA_INLINE std::uint8_t date_level(const FieldPlan& f, const Entry& a, const Entry& b) {
  using namespace level;
  if (!both_know(f, a, b)) return date_missing;
  // Codes in order: decade, unit, month, day tens, day units, order-free month and day.
  std::array<bool, 6> differs{};
  for (std::uint32_t i = 0; i < differs.size(); ++i)
    differs[i] = code(a, f.codes + 2 * i) != code(b, f.codes + 2 * i);
  const int year = differs[0] + differs[1];
  if (!both_know_more(f, a, b)) return year == 0 ? date_year_only : date_far;
  const int day = differs[3] + differs[4];
  const int all = year + differs[2] + day;
  if (all == 0) return date_equal;
  if (year == 0 && differs[2] && day > 0 && !differs[5]) return date_swapped;
  if (all == 1) return date_one_digit;
  const int parts = (year > 0) + differs[2] + (day > 0);
  if (parts == 1) return date_one_part;
  return all == 2 ? date_two_digits : date_far;
}

TESSERA_INLINE std::uint8_t field_level(const FieldPlan& f, const Entry& a, const Entry& b) {
  using namespace level;
  switch (f.kind) {
    case Kind::given_name:
    case Kind::surname:
      return name_level(f, a, b);
    case Kind::middle_name:
      return middle_level(f, a, b);
    case Kind::date:
      return date_level(f, a, b);
    case Kind::category:
      if (!both_know(f, a, b)) return category_missing;
      return code(a, f.codes) == code(b, f.codes) ? category_equal : category_far;
    case Kind::number: {
      if (!both_know(f, a, b)) return number_missing;
      const std::uint8_t g = grade(f, shared_bits(a.bits + f.filter, b.bits + f.filter, f.words));
      if (g == name_equal) return number_equal;
      return g == name_close || g == name_similar ? number_close : number_far;
    }
    case Kind::ssn:
      break;
  }
  return 0;
}

TESSERA_INLINE bool swapped(const FieldPlan& g, const FieldPlan& s, const Entry& a,
                            const Entry& b) {
  if (!both_know(g, a, b) || !both_know(s, a, b)) return false;
  return shared_bits(a.bits + g.filter, b.bits + s.filter, g.words) >= g.close &&
         shared_bits(a.bits + s.filter, b.bits + g.filter, g.words) >= g.close;
}

// The names that may be swapped, as the numbers of their fields.
struct SwapPlan {
  int given, surname;
};

TESSERA_INLINE std::uint32_t fields_pattern(const std::vector<FieldPlan>& fields, SwapPlan swap,
                                            const Entry& a, const Entry& b) {
  using namespace level;
  std::uint32_t pattern = 0;
  std::array<std::uint8_t, 16> levels{};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    levels[i] = field_level(fields[i], a, b);
    pattern += levels[i] * fields[i].factor;
  }
  if (swap.given < 0 || swap.surname < 0) return pattern;
  const auto given = static_cast<std::size_t>(swap.given);
  const auto surname = static_cast<std::size_t>(swap.surname);
  const std::uint8_t g = levels[given];
  const std::uint8_t s = levels[surname];
  if (g >= name_similar && s >= name_similar && swapped(fields[given], fields[surname], a, b)) {
    pattern += (name_swapped - g) * fields[given].factor;
    pattern += (name_swapped - s) * fields[surname].factor;
  }
  return pattern;
}

std::uint32_t pattern_plain(const std::vector<FieldPlan>& fields, SwapPlan swap, const Entry& a,
                            const Entry& b) {
  return fields_pattern(fields, swap, a, b);
}
#if defined(__x86_64__)
// With the processor's own instruction, which the baseline of x86-64 lacks.
[[gnu::target("popcnt")]] std::uint32_t pattern_popcnt(const std::vector<FieldPlan>& fields,
                                                       SwapPlan swap, const Entry& a,
                                                       const Entry& b) {
  return fields_pattern(fields, swap, a, b);
}
const bool kHasPopcnt = __builtin_cpu_supports("popcnt") != 0;
#endif

}  // namespace

std::span<const std::string_view> level_names(Kind kind) {
  switch (kind) {
    case Kind::given_name:
    case Kind::surname:
      return kName;
    case Kind::middle_name:
      return kMiddle;
    case Kind::date:
      return kDate;
    case Kind::number:
      return kNumber;
    default:
      return kCategory;
  }
}

std::string_view Comparator::stratum_name(std::uint32_t stratum) {
  constexpr std::array<std::string_view, kStrata> kNames{"1",    "2",     "3-4",   "5-8",
                                                         "9-16", "17-32", "33-64", "65+"};
  return kNames[stratum];
}

Comparator::Comparator(const schema::Schema& schema, std::size_t pass, bool tokens)
    : tokens_(tokens) {
  const schema::Layout layout = schema::layout(schema, pass);
  stride_ = layout.stride;
  for (const std::size_t f : schema.passes[pass].compare) {
    FieldPlan plan;
    plan.kind = schema.fields[f].kind;
    plan.factor = patterns_;
    for (const schema::Slot& s : layout.slots) {
      if (s.field != f) continue;
      const auto mask = static_cast<std::uint16_t>(s.hidden() ? 0U : 1U << s.presence);
      if (s.holds == Holds::filter) {
        plan.filter = s.offset;
        plan.words = s.bits / 64;
        plan.weight = s.weight;
        plan.close = bits_for(kClose, s.bits, s.weight);
        plan.similar = bits_for(kSimilar, s.bits, s.weight);
        plan.near = bits_for(kNear, s.bits, s.weight);
        const bool more = plan.kind == Kind::middle_name;
        (more ? plan.also_known : plan.known) = mask;
        (more ? plan.also_known_code : plan.known_code) = s.known;
      } else if (s.holds == Holds::part1 || s.holds == Holds::initial || s.holds == Holds::decade ||
                 s.holds == Holds::value) {
        plan.codes = s.offset;
        plan.known = mask;
        plan.known_code = s.known;
      } else if (s.holds == Holds::month) {
        plan.also_known = mask;
        plan.also_known_code = s.known;
      }
    }
    if (plan.kind == Kind::given_name && given_ < 0) given_ = static_cast<int>(fields_.size());
    if (plan.kind == Kind::surname && surname_ < 0) surname_ = static_cast<int>(fields_.size());
    const auto levels = static_cast<std::uint32_t>(level_names(plan.kind).size());
    digits_.push_back({f, plan.kind, levels, plan.factor});
    patterns_ *= levels;
    fields_.push_back(plan);
  }
  if (const auto ssn = schema.field(Kind::ssn)) {
    ssn_factor_ = patterns_;
    digits_.push_back({*ssn, Kind::ssn, static_cast<std::uint32_t>(kCategory.size()), patterns_});
    patterns_ *= static_cast<std::uint32_t>(kCategory.size());
  }
}

std::uint32_t Comparator::compare(const Entry& a, const Entry& b) const {
  const SwapPlan swap{given_, surname_};
#if defined(__x86_64__)
  std::uint32_t pattern =
      kHasPopcnt ? pattern_popcnt(fields_, swap, a, b) : pattern_plain(fields_, swap, a, b);
#else
  std::uint32_t pattern = pattern_plain(fields_, swap, a, b);
#endif
  if (ssn_factor_ != 0 && tokens_)
    pattern += (a.ssn_token == b.ssn_token ? level::ssn_equal : level::ssn_far) * ssn_factor_;
  return pattern;
}

}  // namespace tessera::link
