// A head, then messages after their lengths, to the end of the file.
#include "engine/oprf/bundle.h"

#include <algorithm>

#include "engine/oprf/message.h"

namespace tessera::oprf {
namespace {

constexpr std::size_t kHead = 8 + sizeof(Session);

std::string_view magic_of(Bundle::Kind kind) {
  return kind == Bundle::Kind::requests ? "TSKEYQS1" : "TSKEYAS1";
}

}  // namespace

Bytes bundle_head(Bundle::Kind kind, const Session& session) {
  Bytes out(kHead);
  std::ranges::copy(as_bytes(magic_of(kind)), out.begin());
  std::ranges::copy(session, out.begin() + 8);
  return out;
}

void append_message(Bytes& out, ByteView message) {
  append_le<std::uint32_t>(out, static_cast<std::uint32_t>(message.size()));
  out.insert(out.end(), message.begin(), message.end());
}

Bytes to_bytes(const Bundle& bundle) {
  Bytes out = bundle_head(bundle.kind, bundle.session);
  for (const Bytes& m : bundle.messages) append_message(out, m);
  return out;
}

Result<Bundle> read_bundle(ByteView bytes, Bundle::Kind kind, Tail tail) {
  if (bytes.size() < kHead || as_text(bytes.first(8)) != magic_of(kind))
    return Error{ErrorCode::format,
                 kind == Bundle::Kind::requests
                     ? "not a file of key requests; 'tessera encode --key-request' writes one"
                     : "not a file of key answers; 'tessera keyserver answer' writes one",
                 ""};
  Bundle out{kind, {}, {}};
  std::ranges::copy(bytes.subspan(8, sizeof(Session)), out.session.begin());
  ByteView rest = bytes.subspan(kHead);
  while (!rest.empty()) {
    const std::size_t size = rest.size() < 4 ? rest.size() : load_le<std::uint32_t>(rest.data());
    if (rest.size() < 4 || rest.size() - 4 < size) {
      if (tail == Tail::broken_off) break;
      return Error{ErrorCode::format, "the file is cut short; carry it over again", ""};
    }
    if (size > largest_request() + largest_request() / kProofGroup * 2)
      return Error{ErrorCode::format, "a message in it is longer than any can be", ""};
    out.messages.emplace_back(rest.begin() + 4,
                              rest.begin() + 4 + static_cast<std::ptrdiff_t>(size));
    rest = rest.subspan(4 + size);
  }
  return out;
}

}  // namespace tessera::oprf
