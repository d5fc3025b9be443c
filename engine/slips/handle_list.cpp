#include "engine/slips/handle_list.h"

#include <algorithm>
#include <functional>

namespace tessera::slips {

void append_handles(const std::vector<encoded::Handle>& handles, Bytes& out) {
  for (const encoded::Handle h : handles) append_le<std::uint64_t>(out, h);
}

Result<std::vector<encoded::Handle>> take_handles(ByteView& body, std::uint64_t count) {
  if (count > body.size() / sizeof(encoded::Handle))
    return Error{ErrorCode::format, "ends before its last handle", ""};
  std::vector<encoded::Handle> out;
  out.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i)
    out.push_back(load_le<std::uint64_t>(body.data() + i * sizeof(encoded::Handle)));
  if (std::ranges::adjacent_find(out, std::greater_equal<>()) != out.end())
    return Error{ErrorCode::format, "handles are not sorted and unique", ""};
  body = body.subspan(count * sizeof(encoded::Handle));
  return out;
}

}  // namespace tessera::slips
