// The entries of a chunk of records, as they are made: pass by pass, in the order of the records.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/bytes.h"
#include "engine/core/secret.h"
#include "engine/encode/block_key.h"
#include "engine/encode/prf.h"
#include "engine/encode/row.h"
#include "engine/encode/row_plan.h"
#include "engine/encode/seeds.h"
#include "engine/encoded/format.h"
#include "engine/keys/hmac.h"
#include "engine/record/fields.h"
#include "engine/schema/layout.h"
#include "engine/schema/schema.h"

namespace tessera::encode {

// What entries are made of beside the values. All must outlive their use.
struct Secrets {
  const Secret<32>& project;  // shared by the project's owners
  const Secret<32>& owner;    // the owner's own: record keys and dummies
  const Seeds& seeds;
};

struct Entries {
  std::vector<encoded::PassColumns> passes;        // without handles
  std::vector<std::vector<std::uint32_t>> record;  // per pass and row: index into the roster
  std::vector<std::uint64_t> real;                 // per pass, the rest are dummies
  std::uint64_t without_evidence = 0;              // records with no real entry in any pass

  // Room for `records` records.
  Entries(const schema::Schema& schema, const std::vector<schema::Layout>& layouts,
          std::size_t records);
  // Gives back what was kept in vain.
  void fit();
};

// Makes entries, one record after another. Not thread safe: one per thread.
class EntryMaker {
 public:
  // `layouts`: of the schema's passes. All must outlive it.
  EntryMaker(const schema::Schema& schema, const std::vector<schema::Layout>& layouts,
             const Secrets& secrets);
  // Appends a record's entries and fills its join record. `index` is its place in the roster.
  void add(const record::Fields& fields, std::uint32_t index, const encoded::RecordKey& key,
           encoded::JoinRecord& join, Entries& out);

 private:
  // Tag and field key of one entry.
  struct EntryKey {
    std::array<std::uint8_t, 64> bytes{};  // tag, field key, 16 bytes unused
    encoded::Tag tag() const;
    std::span<const std::uint8_t, 32> field_key() const {
      return std::span<const std::uint8_t, 32>(bytes.data() + 16, 32);
    }
  };
  struct KeptPlan {
    std::size_t like = 0;  // the first pass of its layout
    NameChoice shows;
    RowPlan plan;
  };

  const RowPlan& plan_for(std::size_t like, NameChoice shows, const record::Fields& fields,
                          std::string_view noise, std::string_view ssn);
  std::string ssn_value(const record::Fields& fields);
  EntryKey real_key(std::size_t pass, std::string_view value);
  EntryKey dummy_key(std::size_t pass, const encoded::RecordKey& key, std::size_t i);
  void add_entry(std::size_t pass, EntryKey key, const RowPlan& plan, std::uint32_t index,
                 Entries& out);

  const schema::Schema& schema_;
  const std::vector<schema::Layout>& layouts_;
  std::unique_ptr<SeedReader> seeds_;  // block value -> seed
  keys::Expander project_;             // seed -> tag and field key: one HKDF-Expand an entry
  keys::Expander dummies_;             // record key, pass, number -> tag and field key of a dummy
  std::optional<std::size_t> ssn_field_;
  Prf prf_;
  RowWriter writer_;
  KeyReader keys_;
  std::vector<std::size_t> like_;    // per pass: the first that compares the same fields
  std::deque<RowPlanner> planners_;  // per pass; a deque: they do not move
  std::deque<KeptPlan> plans_;       // a deque: references stay
  std::size_t plans_used_ = 0;
  std::vector<Bytes> dummy_labels_;
  Bytes message_;
};

}  // namespace tessera::encode
