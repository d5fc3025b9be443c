// encoded-v1, the one file both sides of the wall know. Byte layout: docs/format/encoded-v1.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/bytes.h"
#include "engine/core/digest.h"
#include "engine/schema/layout.h"
#include "engine/schema/schema.h"

namespace tessera::encoded {

using Tag = std::array<std::uint8_t, 16>;        // equal tags: same block, comparable
using RecordKey = std::array<std::uint8_t, 16>;  // names a record for its owner, for ever
using Handle = std::uint64_t;  // one entry of one submission; random, unique in a file

// Persisted; never renumber.
enum class Population : std::uint8_t { student = 1, staff = 2, college = 3, wage = 4 };
std::string_view name_of(Population population);
std::optional<Population> population_named(std::string_view name);
enum class SsnState : std::uint8_t {
  provided = 1,
  declined = 2,
  not_asked = 3,
  not_available = 4,
  purged = 5
};
std::string_view name_of(SsnState state);
// How block keys are protected. A registry takes trial files only if created with --trial.
enum class Protection : std::uint8_t { trial = 1, oprf = 2 };
std::string_view name_of(Protection protection);
std::optional<Protection> protection_named(std::string_view name);

struct Header {
  schema::Schema schema;
  Sha256 schema_digest{};
  std::string owner;  // [A-Za-z0-9._-]{1,64}
  Population population = Population::student;
  Protection protection = Protection::trial;
  std::array<std::uint8_t, 4> key_check{};  // of the project key: finds a wrong key early
  std::string created;                      // a date, YYYY-MM-DD: no time finer than a day
  bool question = false;                    // for the locator: one record, never a submission
  bool decoys = false;                      // records of nobody among them: for no registry
};

// One pass, column by column, rows sorted by (tag, handle). Views; the owner is whoever made them.
// All columns have the same number of rows; `bits` has rows * stride bytes.
struct PassView {
  std::span<const Tag> tags;
  std::span<const Handle> handles;
  std::span<const std::uint16_t> presence;
  std::span<const std::uint8_t> bits;
  std::uint32_t stride = 0;
  std::span<const std::uint16_t> ssn_tokens;  // empty: the schema has no SSN, or it was purged
  std::size_t rows() const { return tags.size(); }
};

struct JoinRecord {
  RecordKey key{};
  SsnState ssn_state = SsnState::not_available;
  std::uint8_t usable_passes = 0;  // passes with a real (not dummy) entry; 0 = too little evidence
  std::uint8_t mandatory = 0;      // 1: every mandatory pass has a real entry
};
struct JoinHandle {
  Handle handle = 0;
  std::uint32_t record = 0;  // index into the records
};

// Owned columns, as an encoder fills them and a store returns them. Any row order until sorted.
struct PassColumns {
  std::vector<Tag> tags;
  std::vector<Handle> handles;
  std::vector<std::uint16_t> presence;
  std::vector<std::uint8_t> bits;
  std::uint32_t stride = 0;
  std::vector<std::uint16_t> ssn_tokens;
  PassView view() const { return {tags, handles, presence, bits, stride, ssn_tokens}; }
  // One more row, a copy of another pass's of this stride; a token if that has one.
  void append_row(const PassView& from, std::size_t row);
  // The rows of a pass that keep(row) is true of, in their order.
  template <class Keep>
  static PassColumns rows_of(const PassView& from, const Keep& keep) {
    PassColumns out;
    out.stride = from.stride;
    for (std::size_t i = 0; i < from.rows(); ++i)
      if (keep(i)) out.append_row(from, i);
    return out;
  }
  // Orders rows by (tag, handle): an order that says nothing about the roster's.
  void sort();
};

}  // namespace tessera::encoded
