#include "engine/link/necessity.h"

#include <algorithm>
#include <utility>

#include "engine/link/compete.h"

namespace tessera::link {
namespace {

bool among(std::span<const std::size_t> fields, std::size_t field) {
  return std::ranges::find(fields, field) != fields.end();
}

// A part made of any of several fields goes with the last of them.
bool keyed_by(const schema::Pass& pass, std::span<const std::size_t> fields) {
  return std::ranges::any_of(pass.key, [&](const schema::KeyPart& part) {
    const auto gone = [&](std::size_t f) { return among(fields, f); };
    return part.any ? std::ranges::all_of(part.fields, gone)
                    : std::ranges::any_of(part.fields, gone);
  });
}

bool is_name(schema::Kind kind) {
  return kind == schema::Kind::given_name || kind == schema::Kind::surname;
}

// The pattern with those fields at level 0, which is "missing". Names are swapped only where both
// are there: without the one, the other is another name.
std::uint32_t without(const Comparator& comparator, std::span<const std::size_t> fields,
                      std::uint32_t pattern) {
  std::uint32_t out = pattern;
  bool name_gone = false;
  for (std::size_t d = 0; d < comparator.digits().size(); ++d) {
    const Digit& digit = comparator.digits()[d];
    if (!among(fields, digit.field)) continue;
    out -= comparator.level(pattern, d) * digit.factor;
    name_gone = name_gone || is_name(digit.kind);
  }
  for (std::size_t d = 0; name_gone && d < comparator.digits().size(); ++d)
    if (is_name(comparator.digits()[d].kind) && comparator.level(out, d) == level::name_swapped)
      out -= (level::name_swapped - level::name_far) * comparator.digits()[d].factor;
  return out;
}

class Without final : public Matcher {
 public:
  Without(const Matcher& whole, std::vector<std::size_t> fields)
      : whole_(whole), fields_(std::move(fields)) {}
  Result<Fit> fit(const schema::Schema& schema, std::span<const Comparator> comparators,
                  std::span<const PassCounts> counts, const RunSize& size) const override {
    RunSize every = size;
    every.met_only = false;  // patterns without the fields may be met by nobody
    TESSERA_TRY(Fit out, whole_.fit(schema, comparators, counts, every));
    out.evidence.clear();  // its parts would tell of the fields
    for (std::size_t p = 0; p < comparators.size(); ++p) {
      const std::vector<Decinats> whole = out.logit[p];
      for (std::uint32_t g = 0; g < whole.size(); ++g)
        out.logit[p][g] = keyed_by(schema.passes[p], fields_)
                              ? Decinats{-kSurest}
                              : whole[without(comparators[p], fields_, g)];
    }
    return out;
  }
  double automatic() const override { return whole_.automatic(); }
  double review() const override { return whole_.review(); }

 private:
  const Matcher& whole_;
  std::vector<std::size_t> fields_;
};

// Counts what became of each pair of two sorted lists; a pair that stands in one only is below
// review in the other.
class Turner {
 public:
  Turner(const Run& run, const Matcher& matcher)
      : automatic_(logit_of(matcher.automatic())), review_(logit_of(matcher.review())) {
    for (std::size_t p = 0; p < run.schema->passes.size(); ++p)
      comparators_.emplace_back(*run.schema, p, run.tokens);
  }
  Decinats review() const { return review_; }

  template <class Label>
  void compare(std::span<const Pair> with, std::span<const Pair> less, const Label& label,
               Need& need) const {
    auto other = less.begin();
    const auto take_new = [&](const Pair& pair) {
      ++count(need, label, pair, Verdict::none, verdict(pair));
    };
    for (const Pair& pair : with) {
      while (other != less.end() && before(*other, pair)) take_new(*other++);
      const bool there = other != less.end() && !before(pair, *other);
      ++count(need, label, pair, verdict(pair), there ? verdict(*other) : Verdict::none);
      if (there) ++other;
      if (verdict(pair) == Verdict::automatic && compared(pair, need.fields))
        ++need.turns[label(pair.a, pair.b)].compared;
    }
    while (other != less.end()) take_new(*other++);
  }

 private:
  static bool before(const Pair& x, const Pair& y) {
    return std::pair(x.a, x.b) < std::pair(y.a, y.b);
  }
  Verdict verdict(const Pair& pair) const {
    return pair.logit >= automatic_ ? Verdict::automatic
           : pair.logit >= review_  ? Verdict::review
                                    : Verdict::none;
  }
  bool compared(const Pair& pair, std::span<const std::size_t> fields) const {
    const Comparator& c = comparators_[pair.pass];
    return without(c, fields, pair.pattern) != pair.pattern;
  }
  template <class Label>
  static std::int64_t& count(Need& need, const Label& label, const Pair& pair, Verdict with,
                             Verdict less) {
    return need.turns[label(pair.a, pair.b)]
        .pairs[static_cast<std::size_t>(with)][static_cast<std::size_t>(less)];
  }

  Decinats automatic_, review_;
  std::vector<Comparator> comparators_;
};

}  // namespace

std::int64_t Turns::with(Verdict verdict) const {
  const auto& row = pairs[static_cast<std::size_t>(verdict)];
  return row[0] + row[1] + row[2];
}

std::unique_ptr<Matcher> without_fields(const Matcher& whole, std::vector<std::size_t> fields) {
  return std::make_unique<Without>(whole, std::move(fields));
}

Result<std::vector<Need>> necessity(
    const Run& run, const Matcher& matcher, std::span<const std::vector<std::size_t>> sets,
    std::size_t labels, const std::function<std::size_t(std::uint32_t, std::uint32_t)>& label,
    Progress& progress) {
  const Turner turner(run, matcher);
  TESSERA_TRY(const Scored whole, score(run, matcher, turner.review(), progress));
  std::vector<Need> out;
  for (const std::vector<std::size_t>& fields : sets) {
    Need& need = out.emplace_back(Need{fields, {}, std::vector<Turns>(labels)});
    for (std::size_t p = 0; p < run.schema->passes.size(); ++p)
      if (keyed_by(run.schema->passes[p], fields)) need.passes.push_back(p);
    const auto matcher_less = without_fields(matcher, fields);
    TESSERA_TRY(const Scored less, score(run, *matcher_less, turner.review(), progress));
    turner.compare(whole.pairs, less.pairs, label, need);
  }
  return out;
}

}  // namespace tessera::link
