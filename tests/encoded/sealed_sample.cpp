#include "tests/encoded/sealed_sample.h"

#include "engine/core/file.h"

namespace tessera::samples {

seal::KeyPair fixed_pair(seal::Use use, std::uint8_t number) {
  seal::KeyPair pair;
  for (std::uint8_t& b : pair.secret.fill())
    b = static_cast<std::uint8_t>(number * 16 + static_cast<std::uint8_t>(use));
  pair.open = {use, use == seal::Use::owner ? "district-7" : "unit",
               seal::public_of(use, pair.secret)};
  return pair;
}

Parties::Parties(const std::string& owner_name)
    : owner(fixed_pair(seal::Use::owner)),
      entries(fixed_pair(seal::Use::entries)),
      join(fixed_pair(seal::Use::join)) {
  owner.open.name = owner_name;
  trust.keys = {{owner_name, owner.open.bytes, ""}};
  trust.today = "2026-10-01";
}

encoded::Sealing Parties::sealing() const {
  return {&owner, entries.open, join.open, "fall-2026", "2026-12-31"};
}

Bytes seal_to_file(const std::string& path, const reference::Content& c, const Parties& parties) {
  const auto done = encoded::write_sealed(path, c.header, c.passes, c.records, c.handles,
                                          parties.sealing(), {.force = true});
  if (!done) return {};
  const auto text = read_file(path);
  if (!text) return {};
  const ByteView bytes = as_bytes(*text);
  return {bytes.begin(), bytes.end()};
}

}  // namespace tessera::samples
