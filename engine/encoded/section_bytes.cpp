// Columns are written as they lie in memory; what has to be put together first, in pieces.
#include "engine/encoded/section_bytes.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

namespace tessera::encoded {
namespace {

constexpr std::array<std::uint8_t, 8> kZeros{};
// Rows put together at a time: what is copied is still in the processor's cache when it is summed
// and written.
constexpr std::size_t kPiece = 1 << 13;

Error refused(std::string_view what) {
  return {ErrorCode::usage, fmt::format("cannot write: {}", what), ""};
}

template <class T>
ByteView raw(std::span<const T> column) {
  static_assert(std::endian::native == std::endian::little);
  return {reinterpret_cast<const std::uint8_t*>(column.data()), column.size_bytes()};
}

void put_held(const PassColumns& pass, const Sink& sink) {
  sink(raw<Tag>(pass.tags));
  sink(raw<Handle>(pass.handles));
  sink(raw<std::uint16_t>(pass.presence));
  put_padding(pass.presence.size() * 2, sink);
  sink(pass.bits);
}

// One column of all rows, `width` values a row.
template <class T>
void put_column(const SortedRows& rows, void (SortedRows::*copy)(std::size_t, std::span<T>) const,
                std::size_t width, const Sink& sink) {
  std::vector<T> piece(std::min(kPiece, rows.size()) * width);
  for (std::size_t begin = 0; begin < rows.size(); begin += kPiece) {
    const std::size_t n = std::min(kPiece, rows.size() - begin);
    const std::span<T> some = std::span(piece).first(n * width);
    (rows.*copy)(begin, some);
    sink(raw<T>(some));
  }
}

}  // namespace

void put_padding(std::uint64_t length, const Sink& sink) {
  sink(ByteView(kZeros).first(padded(length) - length));
}

void put_entries(const SortedRows& rows, const Sink& sink) {
  put_column<Tag>(rows, &SortedRows::tags, 1, sink);
  put_column<Handle>(rows, &SortedRows::handles, 1, sink);
  put_column<std::uint16_t>(rows, &SortedRows::presence, 1, sink);
  put_padding(rows.size() * 2, sink);
  put_column<std::uint8_t>(rows, &SortedRows::bits, rows.stride(), sink);
}

void put_tokens(const std::vector<std::uint16_t>& tokens, const Sink& sink) {
  sink(raw<std::uint16_t>(tokens));
}

void put_join(const std::vector<JoinRecord>& records, const std::vector<JoinHandle>& handles,
              const Sink& sink) {
  Bytes piece(8);
  store_le<std::uint64_t>(piece.data(), records.size());
  sink(piece);
  for (std::size_t begin = 0; begin < records.size(); begin += kPiece) {
    const std::size_t n = std::min(kPiece, records.size() - begin);
    piece.assign(n * kJoinRecordBytes, 0);
    for (std::size_t i = 0; i < n; ++i) {
      const JoinRecord& r = records[begin + i];
      std::uint8_t* p = piece.data() + i * kJoinRecordBytes;
      std::copy(r.key.begin(), r.key.end(), p);
      p[16] = static_cast<std::uint8_t>(r.ssn_state);
      p[17] = r.usable_passes;
      p[18] = r.mandatory;
    }
    sink(piece);
  }
  for (std::size_t begin = 0; begin < handles.size(); begin += kPiece) {
    const std::size_t n = std::min(kPiece, handles.size() - begin);
    piece.resize(n * kJoinHandleBytes);
    for (std::size_t i = 0; i < n; ++i) {
      std::uint8_t* p = piece.data() + i * kJoinHandleBytes;
      store_le<std::uint64_t>(p, handles[begin + i].handle);
      store_le<std::uint32_t>(p + 8, handles[begin + i].record);
    }
    sink(piece);
  }
}

// Columns of a purged submission come without tokens.
bool HeldColumns::tokens() const {
  return handles_.empty() ||
         std::ranges::any_of(passes_, [](const PassColumns& c) { return !c.ssn_tokens.empty(); });
}

void HeldColumns::put(const Section& s, const Sink& sink) {
  switch (s.kind) {
    case SectionKind::entries:
      return put_held(passes_[s.pass], sink);
    case SectionKind::ssn_tokens:
      return put_tokens(passes_[s.pass].ssn_tokens, sink);
    case SectionKind::join:
      return put_join(records_, handles_, sink);
  }
}

Result<void> HeldColumns::check(const schema::Schema& schema) const {
  if (passes_.size() != schema.passes.size())
    return refused("not one set of columns for each pass");
  const bool with_tokens = schema.ssn && tokens();
  std::uint64_t entries = 0;
  for (std::size_t p = 0; p < passes_.size(); ++p) {
    const PassColumns& c = passes_[p];
    const std::size_t n = c.tags.size();
    if (c.stride != schema::layout(schema, p).stride || c.handles.size() != n ||
        c.presence.size() != n || c.bits.size() != n * c.stride ||
        c.ssn_tokens.size() != (with_tokens ? n : 0))
      return refused(fmt::format("columns of pass {} do not fit the schema or each other", p));
    entries += n;
  }
  if (entries != handles_.size()) return refused("not one join handle for each entry");
  return {};
}

Result<std::vector<Section>> counted(const Source& source, const schema::Schema& schema,
                                     bool tokens) {
  std::vector<Section> out = planned(schema);
  if (!tokens) out.resize(schema.passes.size() + 1);
  if (source.records() > kMostRows) return refused("more records than the format holds");
  std::uint64_t entries = 0;
  for (std::size_t p = 0; p < schema.passes.size(); ++p) entries += source.rows(p);
  if (entries > kMostRows) return refused("more entries than the format holds");
  for (Section& s : out) {
    s.rows = s.kind == SectionKind::join ? entries : source.rows(s.pass);
    s.length = length_of(s, source.records());
  }
  return out;
}

}  // namespace tessera::encoded
