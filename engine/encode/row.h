// The row of an entry: from a record's values to bits of exact weight, under an entry's key.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/encode/block_key.h"
#include "engine/encode/prf.h"
#include "engine/encode/tokens.h"
#include "engine/record/fields.h"
#include "engine/schema/layout.h"
#include "engine/schema/schema.h"

namespace tessera::encode {

// What a row is made of before any key: made once per record, used for each of its entries.
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

// `noise` (12 bytes or fewer) is unlike that of any other record in the project: it fills missing
// slots with bits that agree with nobody. `ssn` is the PRF value of the SSN, empty if there is
// none. `used` is an old plan whose memory may be used again. Thread safe.
RowPlan plan_row(const schema::Schema& schema, const schema::Layout& layout,
                 const record::Fields& fields, NameChoice shows, std::string_view noise,
                 std::string_view ssn, RowPlan used = {});
// A dummy's: every slot noise, the presence of the record it stands beside.
RowPlan plan_noise(const schema::Layout& layout, std::uint16_t presence, std::string_view noise,
                   RowPlan used = {});

// Writes `layout.stride` bytes and gives the SSN token. REQUIRES: prf is keyed for this entry.
// Filters: equal tokens give the same stream of positions; the tokens take turns, in an order drawn
// from the key, until exactly `weight` distinct bits are set. Codes: the first 8 bytes choose one
// of the 12870 words of 16 bits with 8 set.
class RowWriter {
 public:
  std::uint16_t write(const schema::Layout& layout, const RowPlan& plan, Prf& prf,
                      std::span<std::uint8_t> row);

 private:
  void order_tokens(const RowPlan::SlotPlan& s);
  bool fill_narrow(const schema::Slot& slot, const RowPlan::SlotPlan& s, std::uint8_t* out);
  void fill_filter(const schema::Slot& slot, const RowPlan& plan, const RowPlan::SlotPlan& s,
                   Prf& prf, std::uint8_t* out);
  std::vector<std::uint8_t> drawn_;  // PRF output, block by block as in the plan
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order_;  // tokens by their first 8 bytes
  std::vector<std::uint64_t> words_;
  std::vector<std::uint8_t> more_;  // streams that ran out
};

}  // namespace tessera::encode
