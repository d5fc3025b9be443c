#include "engine/encoded/payload.h"

namespace tessera::encoded {

void add_to(Checksum& total, const Checksum& sum) {
  const auto low = load_le<std::uint64_t>(total.data()) + load_le<std::uint64_t>(sum.data());
  const std::uint64_t carry = low < load_le<std::uint64_t>(sum.data()) ? 1 : 0;
  store_le(total.data() + 8, load_le<std::uint64_t>(total.data() + 8) +
                                 load_le<std::uint64_t>(sum.data() + 8) + carry);
  store_le(total.data(), low);
}

void PayloadDigests::add_pass(std::uint8_t pass, const PassView& rows,
                              std::span<const std::uint32_t> record_of) {
  Bytes entry;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    entry.assign(1, pass);
    entry.insert(entry.end(), rows.tags[i].begin(), rows.tags[i].end());
    append_le<std::uint16_t>(entry, rows.presence[i]);
    const auto bits = rows.bits.subspan(i * rows.stride, rows.stride);
    entry.insert(entry.end(), bits.begin(), bits.end());
    if (!rows.ssn_tokens.empty()) append_le<std::uint16_t>(entry, rows.ssn_tokens[i]);
    add_to(sums_[record_of[i]], checksum(entry));
  }
}

}  // namespace tessera::encoded
