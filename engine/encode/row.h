// The row of an entry: from a plan to bits of exact weight, under an entry's key.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/encode/prf.h"
#include "engine/encode/row_plan.h"
#include "engine/schema/layout.h"

namespace tessera::encode {

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
  bool fill_word(const schema::Slot& slot, const RowPlan::SlotPlan& s, std::uint8_t* out);
  bool fill_narrow(const schema::Slot& slot, const RowPlan::SlotPlan& s, std::uint8_t* out);
  void fill_any(const schema::Slot& slot, const RowPlan& plan, const RowPlan::SlotPlan& s, Prf& prf,
                std::uint8_t* out);
  void fill_filter(const schema::Slot& slot, const RowPlan& plan, const RowPlan::SlotPlan& s,
                   Prf& prf, std::uint8_t* out);
  std::vector<std::uint8_t> drawn_;   // PRF output, block by block as in the plan
  std::vector<std::uint32_t> order_;  // tokens by their first 8 bytes
  std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted_;  // where there are many
  std::vector<std::uint64_t> words_;
  std::vector<std::uint8_t> more_;  // streams that ran out
};

}  // namespace tessera::encode
