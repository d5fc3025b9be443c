// Columns are written as they lie in memory; the join section in pieces.
#include "engine/encoded/section_bytes.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

namespace tessera::encoded {
namespace {

constexpr std::array<std::uint8_t, 8> kZeros{};

template <class T>
ByteView raw(const std::vector<T>& column) {
  static_assert(std::endian::native == std::endian::little);
  return {reinterpret_cast<const std::uint8_t*>(column.data()), column.size() * sizeof(T)};
}

void put_entries(const PassColumns& pass, const Sink& sink) {
  sink(raw(pass.tags));
  sink(raw(pass.handles));
  sink(raw(pass.presence));
  put_padding(pass.presence.size() * 2, sink);
  sink(raw(pass.bits));
}

// In pieces, so that no second copy of the section is held.
void put_join(const Columns& in, const Sink& sink) {
  constexpr std::size_t kPiece = 1 << 16;
  Bytes piece(8);
  store_le<std::uint64_t>(piece.data(), in.records.size());
  sink(piece);
  for (std::size_t begin = 0; begin < in.records.size(); begin += kPiece) {
    const std::size_t n = std::min(kPiece, in.records.size() - begin);
    piece.assign(n * kJoinRecordBytes, 0);
    for (std::size_t i = 0; i < n; ++i) {
      const JoinRecord& r = in.records[begin + i];
      std::uint8_t* p = piece.data() + i * kJoinRecordBytes;
      std::copy(r.key.begin(), r.key.end(), p);
      p[16] = static_cast<std::uint8_t>(r.ssn_state);
      p[17] = r.usable_passes;
      p[18] = r.mandatory;
    }
    sink(piece);
  }
  for (std::size_t begin = 0; begin < in.handles.size(); begin += kPiece) {
    const std::size_t n = std::min(kPiece, in.handles.size() - begin);
    piece.resize(n * kJoinHandleBytes);
    for (std::size_t i = 0; i < n; ++i) {
      std::uint8_t* p = piece.data() + i * kJoinHandleBytes;
      store_le<std::uint64_t>(p, in.handles[begin + i].handle);
      store_le<std::uint32_t>(p + 8, in.handles[begin + i].record);
    }
    sink(piece);
  }
}

}  // namespace

void put_padding(std::uint64_t length, const Sink& sink) {
  sink(ByteView(kZeros).first(padded(length) - length));
}

void put_section(const Section& s, const Columns& in, const Sink& sink) {
  switch (s.kind) {
    case SectionKind::entries:
      return put_entries(in.passes[s.pass], sink);
    case SectionKind::ssn_tokens:
      return sink(raw(in.passes[s.pass].ssn_tokens));
    case SectionKind::join:
      return put_join(in, sink);
  }
}

std::uint64_t rows_of(const Section& s, const Columns& in) {
  return s.kind == SectionKind::join ? in.handles.size() : in.passes[s.pass].tags.size();
}

Result<void> check_shapes(const Columns& in, const std::vector<Section>& plan, bool tokens) {
  auto bad = [](std::string_view what) {
    return Error{ErrorCode::usage, fmt::format("cannot write: {}", what), ""};
  };
  if (in.records.size() > kMostRows) return bad("more records than the format holds");
  std::uint64_t entries = 0;
  for (std::size_t p = 0; p < in.passes.size(); ++p) {
    const PassColumns& c = in.passes[p];
    const std::size_t n = c.tags.size();
    if (c.stride != plan[p].stride || c.handles.size() != n || c.presence.size() != n ||
        c.bits.size() != n * c.stride || c.ssn_tokens.size() != (tokens ? n : 0))
      return bad(fmt::format("columns of pass {} do not fit the schema or each other", p));
    entries += n;
  }
  if (entries > kMostRows) return bad("more entries than the format holds");
  if (entries != in.handles.size()) return bad("not one join handle for each entry");
  return {};
}

}  // namespace tessera::encoded
