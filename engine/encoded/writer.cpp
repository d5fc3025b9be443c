// Sections go out from front to back and are summed on their way; what stands before them is
// written last, in the place that was left for it.
#include "engine/encoded/writer.h"

#include <fmt/format.h>

#include "engine/encoded/header_json.h"
#include "engine/encoded/section_bytes.h"
#include "engine/encoded/sections.h"

namespace tessera::encoded {
namespace {

Result<void> put_summed(AtomicFile& file, Section& s, Source& source) {
  ChecksumStream sum;
  std::uint64_t length = 0;
  source.put(s, [&](ByteView bytes) {
    length += bytes.size();
    sum.update(bytes);
    file.write(bytes);
  });
  if (length != s.length)
    return Error{ErrorCode::usage, "cannot write: a section is not as long as its rows", ""};
  s.checksum = sum.finish();
  put_padding(s.length, [&](ByteView bytes) { file.write(bytes); });
  return {};
}

}  // namespace

Result<void> write(const std::string& path, const Header& header, Source& source,
                   AtomicFile::Options options) {
  if (path == "-")
    return Error{ErrorCode::usage, "an encoded file cannot go to standard output; name a file", ""};
  TESSERA_TRY(const std::string text, header_to_json(header));
  // Columns of a purged submission come without tokens, and so does its file.
  TESSERA_TRY(std::vector<Section> sections,
              counted(source, header.schema, header.schema.ssn && source.tokens()));
  const std::size_t slots = planned(header.schema).size();
  Preamble preamble;
  preamble.header_length = static_cast<std::uint32_t>(text.size());
  preamble.sections = static_cast<std::uint32_t>(sections.size());
  preamble.header_checksum = checksum(as_bytes(text));
  std::uint64_t at = directory_offset(preamble) + slots * kSlotBytes;
  for (Section& s : sections) {
    s.offset = at;
    at += padded(s.length);
  }
  preamble.file_length = at;

  TESSERA_TRY(AtomicFile file, AtomicFile::create(path, options));
  file.write(Bytes(sections.front().offset));
  for (Section& s : sections) TESSERA_CHECK(put_summed(file, s, source));
  const Bytes directory = encode_directory(sections, slots);
  preamble.directory_checksum = checksum(directory);
  Bytes front;
  const Sink sink = [&](ByteView bytes) { front.insert(front.end(), bytes.begin(), bytes.end()); };
  sink(encode(preamble));
  sink(as_bytes(text));
  put_padding(text.size(), sink);
  sink(directory);
  file.write_at(0, front);
  return file.commit();
}

Result<void> write(const std::string& path, const Header& header,
                   const std::vector<PassColumns>& passes, const std::vector<JoinRecord>& records,
                   const std::vector<JoinHandle>& handles, AtomicFile::Options options) {
  HeldColumns held(passes, records, handles);
  TESSERA_CHECK(held.check(header.schema));
  return write(path, header, held, options);
}

}  // namespace tessera::encoded
