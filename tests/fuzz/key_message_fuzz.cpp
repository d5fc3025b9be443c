// Any bytes as a key request, an answer and a bundle: refused, or they come back as they were.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "engine/oprf/bundle.h"
#include "engine/oprf/message.h"

using namespace tessera;
using namespace tessera::oprf;

namespace {

void same(ByteView a, const Bytes& b) {
  if (!std::ranges::equal(a, b)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  if (const auto r = read_request(bytes)) {
    Bytes again = unsigned_request(r->request);
    same(r->signed_part, again);
    same(bytes, signed_request(std::move(again), r->signature));
  }
  if (const auto a = read_answer(bytes)) same(bytes, to_bytes(*a));
  for (const auto kind : {Bundle::Kind::requests, Bundle::Kind::answers}) {
    if (const auto b = read_bundle(bytes, kind, Tail::strict)) same(bytes, to_bytes(*b));
    if (const auto b = read_bundle(bytes, kind, Tail::broken_off)) {
      const Bytes again = to_bytes(*b);
      if (again.size() > size) std::abort();
      same(bytes.first(again.size()), again);
    }
  }
  return 0;
}
