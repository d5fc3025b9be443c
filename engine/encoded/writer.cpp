// Sections are laid out and summed first, then written in one go from front to back.
#include "engine/encoded/writer.h"

#include <algorithm>
#include <bit>
#include <functional>

#include <fmt/format.h>

#include "engine/core/parallel.h"
#include "engine/encoded/header_json.h"
#include "engine/encoded/sections.h"

namespace tessera::encoded {
namespace {

using Sink = std::function<void(ByteView)>;

struct Input {
  const std::vector<PassColumns>& passes;
  const std::vector<JoinRecord>& records;
  const std::vector<JoinHandle>& handles;
};

constexpr std::array<std::uint8_t, 8> kZeros{};

void pad(std::uint64_t length, const Sink& sink) {
  sink(ByteView(kZeros).first(padded(length) - length));
}

template <class T>
ByteView raw(const std::vector<T>& column) {
  static_assert(std::endian::native == std::endian::little);
  return {reinterpret_cast<const std::uint8_t*>(column.data()), column.size() * sizeof(T)};
}

void put_entries(const PassColumns& pass, const Sink& sink) {
  sink(raw(pass.tags));
  sink(raw(pass.handles));
  sink(raw(pass.presence));
  pad(pass.presence.size() * 2, sink);
  sink(raw(pass.bits));
}

// In pieces, so that no second copy of the section is held.
void put_join(const Input& in, const Sink& sink) {
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

void put(const Section& s, const Input& in, const Sink& sink) {
  switch (s.kind) {
    case SectionKind::entries:
      return put_entries(in.passes[s.pass], sink);
    case SectionKind::ssn_tokens:
      return sink(raw(in.passes[s.pass].ssn_tokens));
    case SectionKind::join:
      return put_join(in, sink);
  }
}

// Columns of a length each, so that a file never says one thing and holds another.
Result<void> check_shapes(const Input& in, const std::vector<Section>& plan, bool tokens) {
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

void lay_out(std::vector<Section>& sections, const Input& in, std::uint64_t at) {
  for (Section& s : sections) {
    s.rows = s.kind == SectionKind::join ? in.handles.size() : in.passes[s.pass].tags.size();
    s.offset = at;
    s.length = length_of(s, in.records.size());
    at += padded(s.length);
  }
  parallel_for(sections.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      ChecksumStream sum;
      put(sections[i], in, [&](ByteView bytes) { sum.update(bytes); });
      sections[i].checksum = sum.finish();
    }
  });
}

}  // namespace

Result<void> write(const std::string& path, const Header& header,
                   const std::vector<PassColumns>& passes, const std::vector<JoinRecord>& records,
                   const std::vector<JoinHandle>& handles, AtomicFile::Options options) {
  const Input in{passes, records, handles};
  if (passes.size() != header.schema.passes.size())
    return Error{ErrorCode::usage, "cannot write: not one set of columns for each pass", path};
  TESSERA_TRY(const std::string text, header_to_json(header));
  std::vector<Section> sections = planned(header.schema);
  const std::size_t slots = sections.size();
  // Columns of a purged submission come without tokens, and so does its file.
  const bool purged =
      header.schema.ssn && !handles.empty() &&
      std::ranges::all_of(passes, [](const PassColumns& c) { return c.ssn_tokens.empty(); });
  if (purged) sections.resize(passes.size() + 1);
  TESSERA_CHECK(check_shapes(in, sections, header.schema.ssn && !purged));

  Preamble preamble;
  preamble.header_length = static_cast<std::uint32_t>(text.size());
  preamble.sections = static_cast<std::uint32_t>(sections.size());
  preamble.header_checksum = checksum(as_bytes(text));
  lay_out(sections, in, directory_offset(preamble) + slots * kSlotBytes);
  const Bytes directory = encode_directory(sections, slots);
  preamble.directory_checksum = checksum(directory);
  preamble.file_length = sections.back().offset + padded(sections.back().length);

  TESSERA_TRY(AtomicFile file, AtomicFile::create(path, options));
  const Sink sink = [&](ByteView bytes) { file.write(bytes); };
  sink(encode(preamble));
  sink(as_bytes(text));
  pad(text.size(), sink);
  sink(directory);
  for (const Section& s : sections) {
    put(s, in, sink);
    pad(s.length, sink);
  }
  return file.commit();
}

}  // namespace tessera::encoded
