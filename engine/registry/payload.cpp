#include "engine/registry/payload.h"

namespace tessera::registry {

void PayloadDigests::add_pass(std::uint8_t pass, const encoded::PassView& rows,
                              std::span<const std::uint32_t> record_of) {
  Bytes entry;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    entry.assign(1, pass);
    entry.insert(entry.end(), rows.tags[i].begin(), rows.tags[i].end());
    append_le<std::uint16_t>(entry, rows.presence[i]);
    const auto bits = rows.bits.subspan(i * rows.stride, rows.stride);
    entry.insert(entry.end(), bits.begin(), bits.end());
    if (!rows.ssn_tokens.empty()) append_le<std::uint16_t>(entry, rows.ssn_tokens[i]);
    const Checksum sum = checksum(entry);
    Sum& total = sums_[record_of[i]];
    const auto low = load_le<std::uint64_t>(sum.data());
    total.low += low;
    total.high += load_le<std::uint64_t>(sum.data() + 8) + (total.low < low ? 1 : 0);
  }
}

std::vector<Checksum> PayloadDigests::finish() const {
  std::vector<Checksum> out(sums_.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    store_le(out[i].data(), sums_[i].low);
    store_le(out[i].data() + 8, sums_[i].high);
  }
  return out;
}

}  // namespace tessera::registry
