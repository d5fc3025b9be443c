#include "engine/registry/slab.h"

#include <algorithm>
#include <bit>

namespace tessera::registry {
namespace {

static_assert(std::endian::native == std::endian::little,
              "columns are copied as they lie in memory");
constexpr std::size_t kTag = sizeof(encoded::Tag);
constexpr std::size_t kHandle = sizeof(encoded::Handle);
constexpr std::size_t kPresence = 2;
constexpr std::size_t kToken = 2;
constexpr std::size_t kSlabBytes = 32'500;

template <class T>
void append_column(Bytes& out, std::span<const T> column) {
  const auto* p = reinterpret_cast<const std::uint8_t*>(column.data());
  out.insert(out.end(), p, p + column.size_bytes());
}

template <class T>
void append_rows(std::vector<T>& out, ByteView column, std::uint32_t begin, std::uint32_t end) {
  if (begin == end) return;  // an empty vector has no address to copy to
  const std::size_t at = out.size();
  out.resize(at + (end - begin));
  std::memcpy(out.data() + at, column.data() + begin * sizeof(T), (end - begin) * sizeof(T));
}

}  // namespace

std::uint32_t slab_rows(std::uint32_t stride) {
  return static_cast<std::uint32_t>(
      std::clamp<std::size_t>(kSlabBytes / (kTag + kHandle + kPresence + stride), 16, 512));
}

Bytes pack_slab(const encoded::PassView& rows) {
  Bytes out;
  out.reserve(rows.rows() * (kTag + kHandle + kPresence + rows.stride));
  append_column(out, rows.tags);
  append_column(out, rows.handles);
  append_column(out, rows.presence);
  append_column(out, rows.bits);
  return out;
}

Result<SlabView> SlabView::open(ByteView body, ByteView tokens, std::uint32_t rows,
                                std::uint32_t stride) {
  if (rows == 0 || body.size() != rows * (kTag + kHandle + kPresence + std::size_t{stride}) ||
      (!tokens.empty() && tokens.size() != rows * kToken))
    return Error{ErrorCode::format, "a slab of entries has the wrong size", ""};
  SlabView v;
  v.rows_ = rows;
  v.stride_ = stride;
  v.tags_ = body.first(rows * kTag);
  v.handles_ = body.subspan(rows * kTag, rows * kHandle);
  v.presence_ = body.subspan(rows * (kTag + kHandle), rows * kPresence);
  v.bits_ = body.subspan(rows * (kTag + kHandle + kPresence));
  v.tokens_ = tokens;
  return v;
}

encoded::Tag SlabView::tag(std::uint32_t row) const {
  encoded::Tag tag;
  std::memcpy(tag.data(), tags_.data() + row * kTag, kTag);
  return tag;
}

encoded::Handle SlabView::handle(std::uint32_t row) const {
  return load_le<std::uint64_t>(handles_.data() + row * kHandle);
}

std::uint32_t SlabView::lower_bound(const encoded::Tag& tag, std::uint32_t from) const {
  std::uint32_t low = from;
  std::uint32_t high = rows_;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (std::memcmp(tags_.data() + middle * kTag, tag.data(), kTag) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void SlabView::append(std::uint32_t begin, std::uint32_t end, encoded::PassColumns& out) const {
  append_rows(out.tags, tags_, begin, end);
  append_rows(out.handles, handles_, begin, end);
  append_rows(out.presence, presence_, begin, end);
  const auto bits = bits_.subspan(std::size_t{begin} * stride_, std::size_t{end - begin} * stride_);
  out.bits.insert(out.bits.end(), bits.begin(), bits.end());
  if (!tokens_.empty()) append_rows(out.ssn_tokens, tokens_, begin, end);
}

}  // namespace tessera::registry
