// Validates rows in parallel; keeps the first fault by row so that refusals do not depend on
// threads.
#include "engine/encoded/validate.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>

#include <fmt/format.h>

#include "engine/core/parallel.h"
#include "engine/encoded/row_rule.h"

namespace tessera::encoded {
namespace {

constexpr std::size_t kCheckGrain = 1 << 14;

// The lowest row with a fault, and what is wrong there.
class FirstFault {
 public:
  void note(std::size_t row, std::string_view rule) {
    const std::lock_guard lock(mutex_);
    if (row >= row_) return;
    row_ = row;
    rule_ = rule;
  }
  // REQUIRES: no note() is under way.
  Result<void> result(std::string_view section, std::string_view unit) const {
    if (row_ == SIZE_MAX) return {};
    return Error{ErrorCode::format, fmt::format("{}: {} {}: {}", section, unit, row_ + 1, rule_),
                 ""};
  }

 private:
  std::mutex mutex_;
  std::size_t row_ = SIZE_MAX;
  std::string rule_;
};

template <class Check>  // std::string_view check(i): empty if row i is fine
Result<void> check_rows(std::size_t n, std::string_view section, std::string_view unit,
                        const Check& check) {
  FirstFault fault;
  parallel_for(n, kCheckGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      if (const std::string_view rule = check(i); !rule.empty()) return fault.note(i, rule);
  });
  return fault.result(section, unit);
}

Result<void> validate_records(const Content& c) {
  const schema::Schema& schema = c.header.schema;
  const auto mandatory = std::ranges::count_if(schema.passes, &schema::Pass::mandatory);
  return check_rows(c.records.size(), "join", "record", [&](std::size_t i) -> std::string_view {
    const JoinRecord& r = c.records[i];
    if (i > 0 && !(c.records[i - 1].key < r.key)) return "record keys are not sorted and unique";
    if (r.ssn_state < SsnState::provided || r.ssn_state > SsnState::purged)
      return "the ssn state is not one";
    if (!schema.ssn && (r.ssn_state == SsnState::provided || r.ssn_state == SsnState::purged))
      return "an ssn where the schema has none";
    if (r.usable_passes > schema.passes.size()) return "more usable passes than the schema has";
    if (r.mandatory > 1) return "the mandatory mark is neither 0 nor 1";
    if (r.mandatory == 1 && r.usable_passes < mandatory)
      return "fewer usable passes than mandatory ones, yet marked as having those";
    if (r.mandatory == 0 && r.usable_passes == schema.passes.size())
      return "every pass usable, yet marked as lacking a mandatory one";
    return {};
  });
}

// Order, presence and weights of one pass: what needs no other section.
Result<void> validate_rows(const PassView& pass, const schema::Layout& layout,
                           const schema::Schema& schema, const std::string& section) {
  const EntryRule rule(layout, schema);
  const std::uint8_t* bits = pass.bits.data();
  FirstFault fault;
  parallel_for(pass.rows(), kCheckGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (i > 0) {
        const int order = std::memcmp(pass.tags[i - 1].data(), pass.tags[i].data(), 16);
        if (order > 0 || (order == 0 && pass.handles[i - 1] >= pass.handles[i]))
          return fault.note(i, "rows are not sorted by tag and handle");
      }
      const std::string broken = rule.broken(pass.presence[i], bits + i * pass.stride);
      if (!broken.empty()) return fault.note(i, broken);
    }
  });
  return fault.result(section, "row");
}

using Counts = std::vector<std::uint32_t>;  // entries of each record in one pass

// Marks the handles of one pass as seen and counts entries per record. Relaxed order is enough:
// the loop's end is the only meeting point.
Result<void> meet_join(const PassView& pass, const Content& c, const HandleIndex& index,
                       std::vector<std::uint8_t>& seen, Counts& counts,
                       const std::string& section) {
  return check_rows(pass.rows(), section, "row", [&](std::size_t i) -> std::string_view {
    const std::size_t at = index.find(pass.handles[i]);
    if (at == HandleIndex::kNone) return "its handle is not in the join section";
    if (std::atomic_ref(seen[at]).exchange(1, std::memory_order_relaxed) != 0)
      return "its handle occurs twice in the file";
    std::atomic_ref(counts[c.handles[at].record]).fetch_add(1, std::memory_order_relaxed);
    return {};
  });
}

}  // namespace

Result<void> validate_join(const Content& c) {
  TESSERA_CHECK(validate_records(c));
  return check_rows(c.handles.size(), "join", "handle", [&](std::size_t i) -> std::string_view {
    if (i > 0 && c.handles[i - 1].handle >= c.handles[i].handle)
      return "handles are not sorted and unique";
    if (c.handles[i].record >= c.records.size()) return "its record number is out of range";
    return {};
  });
}

Result<void> PassValidator::check(std::size_t p) {
  const Content& c = content_;
  const schema::Pass& pass = c.header.schema.passes[p];
  const std::string section = fmt::format("entries of pass {}", pass.name);
  TESSERA_CHECK(validate_rows(c.passes[p], c.layouts[p], c.header.schema, section));
  Counts counts(c.records.size());
  TESSERA_CHECK(meet_join(c.passes[p], c, index_, seen_, counts, section));
  entries_ += c.passes[p].rows();
  return check_rows(counts.size(), section, "record", [&](std::size_t r) -> std::string_view {
    if (counts[r] < pass.least) return "fewer entries than the schema's least";
    if (counts[r] > pass.most) return "more entries than the schema's most";
    return {};
  });
}

Result<void> PassValidator::finish() const {
  if (entries_ != content_.handles.size())
    return Error{ErrorCode::format, "join: a handle that no entry has", ""};
  return {};
}

}  // namespace tessera::encoded
