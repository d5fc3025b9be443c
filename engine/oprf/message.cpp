// Requests and answers as bytes, and back with every length checked.
#include "engine/oprf/message.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace tessera::oprf {
namespace {

constexpr std::string_view kRequestMagic = "TSKEYRQ1";
constexpr std::string_view kAnswerMagic = "TSKEYAN1";
constexpr std::size_t kMostOwner = 64;
constexpr std::size_t kMostEpoch = 32;
constexpr std::size_t kMostKey = 32;

void append(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
void append_short(Bytes& out, std::string_view text) {
  out.push_back(static_cast<std::uint8_t>(text.size()));
  append(out, as_bytes(text));
}
template <class T>
void append_all(Bytes& out, const std::vector<T>& items) {
  for (const T& item : items) append(out, item);
}

// Takes fields off the front; once something does not fit, nothing more is given.
class Cursor {
 public:
  explicit Cursor(ByteView bytes) : rest_(bytes) {}
  bool good() const { return good_; }
  std::size_t left() const { return rest_.size(); }
  ByteView take(std::size_t n) {
    if (!good_ || rest_.size() < n) {
      good_ = false;
      return {};
    }
    const ByteView out = rest_.first(n);
    rest_ = rest_.subspan(n);
    return out;
  }
  template <class T>
  T number() {
    const ByteView b = take(sizeof(T));
    return good_ ? load_le<T>(b.data()) : T{0};
  }
  template <std::size_t N>
  std::array<std::uint8_t, N> array() {
    std::array<std::uint8_t, N> out{};
    const ByteView b = take(N);
    if (good_) std::ranges::copy(b, out.begin());
    return out;
  }
  std::string text(std::size_t most) {
    const std::size_t n = number<std::uint8_t>();
    if (n == 0 || n > most) good_ = false;
    return std::string(as_text(take(n)));
  }
  template <class T>
  std::vector<T> items(std::size_t n) {
    std::vector<T> out;
    const ByteView all = take(n * sizeof(T));
    if (!good_) return out;
    out.resize(n);
    std::memcpy(out.data(), all.data(), all.size());
    return out;
  }

 private:
  ByteView rest_;
  bool good_ = true;
};

bool is_name(std::string_view s) {
  return std::ranges::all_of(s, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}
bool is_printable(std::string_view s) {
  return std::ranges::all_of(s, [](char c) { return c > ' ' && c < 127; });
}

Error damaged(std::string_view what) {
  return {ErrorCode::format, "this is no " + std::string(what) + ", or it is damaged or cut short",
          ""};
}

}  // namespace

Sha256 batch_digest(const Element& public_key, std::span<const Element> elements) {
  Sha256Stream hash;
  hash.update_sized(as_bytes("tessera key batch 1"));
  hash.update(public_key);
  for (const Element& e : elements) hash.update(e);
  return hash.finish();
}

Bytes unsigned_request(const Request& r) {
  Bytes out;
  out.reserve(256 + r.elements.size() * sizeof(Element));
  append(out, as_bytes(kRequestMagic));
  append_short(out, r.owner);
  append_short(out, r.epoch);
  append_short(out, r.key);
  append_le<std::uint64_t>(out, r.made);
  append(out, r.public_key);
  append_le<std::uint32_t>(out, static_cast<std::uint32_t>(r.elements.size()));
  append_all(out, r.elements);
  return out;
}

Bytes signed_request(Bytes unsigned_bytes, const SignatureBytes& signature) {
  append(unsigned_bytes, signature);
  return unsigned_bytes;
}

std::size_t largest_request() {
  return kRequestMagic.size() + 3 + kMostOwner + kMostEpoch + kMostKey + 8 + 32 + 4 +
         kMostElements * sizeof(Element) + sizeof(SignatureBytes);
}

Result<SignedRequest> read_request(ByteView bytes) {
  Cursor in(bytes);
  SignedRequest out;
  if (as_text(in.take(kRequestMagic.size())) != kRequestMagic) return damaged("key request");
  Request& r = out.request;
  r.owner = in.text(kMostOwner);
  r.epoch = in.text(kMostEpoch);
  r.key = in.text(kMostKey);
  r.made = in.number<std::uint64_t>();
  r.public_key = in.array<32>();
  const std::size_t n = in.number<std::uint32_t>();
  if (!in.good() || !is_name(r.owner) || !is_printable(r.epoch) || !is_name(r.key))
    return damaged("key request");
  if (n == 0 || n > kMostElements)
    return Error{ErrorCode::limit, "a key request holds 1 to 100000 elements", ""};
  r.elements = in.items<Element>(n);
  out.signed_part = bytes.first(bytes.size() - in.left());
  out.signature = in.array<64>();
  if (!in.good() || in.left() != 0) return damaged("key request");
  return out;
}

Bytes to_bytes(const Answer& answer) {
  Bytes out;
  append(out, as_bytes(kAnswerMagic));
  append(out, answer.batch);
  append_le<std::uint32_t>(out, static_cast<std::uint32_t>(answer.elements.size()));
  append_all(out, answer.elements);
  append_all(out, answer.proofs);
  return out;
}

Result<Answer> read_answer(ByteView bytes) {
  Cursor in(bytes);
  Answer out;
  if (as_text(in.take(kAnswerMagic.size())) != kAnswerMagic) return damaged("key answer");
  out.batch = in.array<32>();
  const std::size_t n = in.number<std::uint32_t>();
  if (!in.good() || n == 0 || n > kMostElements) return damaged("key answer");
  out.elements = in.items<Element>(n);
  out.proofs = in.items<Proof>((n + kProofGroup - 1) / kProofGroup);
  if (!in.good() || in.left() != 0) return damaged("key answer");
  return out;
}

}  // namespace tessera::oprf
