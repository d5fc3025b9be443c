// What an entry's row is made of before any key: the blocks that the PRF will be asked for.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/encode/block_key.h"
#include "engine/encode/tokens.h"
#include "engine/record/fields.h"
#include "engine/schema/layout.h"
#include "engine/schema/schema.h"

namespace tessera::encode {

// Made once per record, used for each of its entries that show the same names.
struct RowPlan {
  struct SlotPlan {
    std::uint32_t first = 0;   // of its blocks
    std::uint32_t tokens = 0;  // blocks are grouped by counter: all tokens at 0, then all at 1 ...
    std::uint32_t rounds = 0;  // counters planned
  };
  std::vector<Block> blocks;
  std::vector<SlotPlan> slots;  // one per slot of the layout
  std::uint32_t ssn_block = 0;  // index of the block whose first two bytes are the SSN token
  std::uint16_t presence = 0;
};

// Plans the rows of one layout. Not thread safe: one per thread.
// `noise` (12 bytes or fewer) is unlike that of any other record in the project: it fills missing
// slots with bits that agree with nobody.
class RowPlanner {
 public:
  // Both must outlive it.
  RowPlanner(const schema::Schema& schema, const schema::Layout& layout);

  // A record's row. `ssn` is the PRF value of the SSN, empty if there is none. `used` is an old
  // plan whose memory may be used again.
  RowPlan row(const record::Fields& fields, NameChoice shows, std::string_view noise,
              std::string_view ssn, RowPlan used = {});
  // A dummy's row: every slot noise, the presence of the record it stands beside. Holds until the
  // next call.
  const RowPlan& dummy(std::uint16_t presence, std::string_view noise);

 private:
  void emptied(RowPlan& plan) const;
  void add(std::size_t slot);
  void noise(std::size_t slot);
  void code(std::size_t slot, Domain domain, std::string_view value);
  void text(std::size_t slot, Domain domain, std::string_view value);
  void known_code(std::size_t slot);
  void number_code(std::size_t slot, Domain domain, bool known, unsigned value);
  void date(std::size_t slot, const record::Date& d);
  void name(std::size_t slot, schema::Kind kind, const std::vector<record::Name>& names,
            std::size_t shows);
  void value(std::size_t slot, const record::Fields& fields, NameChoice shows);
  void note_known(const schema::Slot& slot);

  const schema::Schema& schema_;
  const schema::Layout& layout_;
  std::vector<double> draws_;  // per slot: draws that fill it, but for a rare case
  RowPlan* plan_ = nullptr;    // being made
  std::string_view noise_;
  std::vector<Block> tokens_;         // of the slot being planned
  std::vector<std::uint32_t> known_;  // places of the codes of what is known
  RowPlan dummy_;                     // of the dummy before: only its noise changes
};

}  // namespace tessera::encode
