// Fixed places, so that all slips of a pass are equally long.
#include "engine/slips/slip.h"

#include <algorithm>

#include "engine/seal/box.h"

namespace tessera::slips {

std::size_t sealed_slip_bytes(std::uint32_t stride) {
  return plain_slip_bytes(stride) + seal::kBoxExtra;
}

void put_slip(const Slip& slip, std::uint32_t stride, std::uint8_t* out) {
  std::ranges::copy(slip.tag, out);
  store_le<std::uint64_t>(out + 16, slip.handle);
  store_le<std::uint64_t>(out + 24, slip.mark);
  store_le<std::uint16_t>(out + 32, slip.presence);
  store_le<std::uint16_t>(out + 34, slip.ssn_token);
  store_le<std::uint16_t>(out + 36, slip.pass);
  store_le<std::uint16_t>(out + 38, 0);
  std::copy_n(slip.bits, stride, out + kSlipHead);
}

Slip take_slip(const std::uint8_t* plain) {
  Slip out;
  std::copy_n(plain, out.tag.size(), out.tag.begin());
  out.handle = load_le<std::uint64_t>(plain + 16);
  out.mark = load_le<std::uint64_t>(plain + 24);
  out.presence = load_le<std::uint16_t>(plain + 32);
  out.ssn_token = load_le<std::uint16_t>(plain + 34);
  out.pass = load_le<std::uint16_t>(plain + 36);
  out.bits = plain + kSlipHead;
  return out;
}

}  // namespace tessera::slips
