// Sections are laid out and summed first, then written in one go from front to back.
#include "engine/encoded/writer.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/parallel.h"
#include "engine/encoded/header_json.h"
#include "engine/encoded/section_bytes.h"
#include "engine/encoded/sections.h"

namespace tessera::encoded {
namespace {

void lay_out(std::vector<Section>& sections, const Columns& in, std::uint64_t at) {
  for (Section& s : sections) {
    s.rows = rows_of(s, in);
    s.offset = at;
    s.length = length_of(s, in.records.size());
    at += padded(s.length);
  }
  parallel_for(sections.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      ChecksumStream sum;
      put_section(sections[i], in, [&](ByteView bytes) { sum.update(bytes); });
      sections[i].checksum = sum.finish();
    }
  });
}

}  // namespace

Result<void> write(const std::string& path, const Header& header,
                   const std::vector<PassColumns>& passes, const std::vector<JoinRecord>& records,
                   const std::vector<JoinHandle>& handles, AtomicFile::Options options) {
  const Columns in{passes, records, handles};
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
  put_padding(text.size(), sink);
  sink(directory);
  for (const Section& s : sections) {
    put_section(s, in, sink);
    put_padding(s.length, sink);
  }
  return file.commit();
}

}  // namespace tessera::encoded
