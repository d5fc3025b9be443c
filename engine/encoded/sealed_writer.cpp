// Sections first, each under its own key; then the front, which knows their digests, and its
// signature.
#include "engine/encoded/sealed_writer.h"

#include "engine/encoded/header_json.h"
#include "engine/encoded/sealed_front.h"
#include "engine/encoded/section_bytes.h"

namespace tessera::encoded {
namespace {

const seal::PublicBytes& reader_of(const Section& section, const Envelope& envelope) {
  return section.kind == SectionKind::join ? envelope.join_key : envelope.entries_key;
}

std::uint64_t entries_of(const std::vector<Section>& plan) {
  for (const Section& s : plan)
    if (s.kind == SectionKind::join) return s.rows;
  return 0;
}

}  // namespace

Result<void> check_sealing(const Header& header, const Sealing& s) {
  auto bad = [](std::string_view what) { return Error{ErrorCode::usage, std::string(what), ""}; };
  if (s.owner == nullptr || s.owner->open.use != seal::Use::owner)
    return bad("a sealed file is signed with an owner's key");
  if (s.owner->open.name != header.owner)
    return bad("the owner's key carries another name than --owner");
  if (s.entries.use != seal::Use::entries || s.join.use != seal::Use::join)
    return bad("a sealed file needs two public keys of the linkage unit: entries and join");
  return {};
}

Result<void> write_sealed(const std::string& path, const Header& header, Source& source,
                          const Sealing& sealing, AtomicFile::Options options) {
  if (path == "-")
    return Error{ErrorCode::usage, "a sealed file cannot go to standard output; name a file", ""};
  TESSERA_CHECK(check_sealing(header, sealing));
  if (header.schema.ssn && !source.tokens())
    return Error{ErrorCode::usage, "cannot write: the SSN tokens are missing", path};
  TESSERA_TRY(const std::vector<Section> plan, counted(source, header.schema, header.schema.ssn));

  const Envelope envelope{sealing.collection, sealing.expires,           source.records(),
                          entries_of(plan),   sealing.owner->open.bytes, sealing.entries.bytes,
                          sealing.join.bytes};
  TESSERA_TRY(const std::string text, header_to_json(header, &envelope));
  std::vector<SealedSection> sections;
  for (const Section& s : plan) sections.emplace_back().plain = s;
  const std::uint64_t length = lay_out(text, sections, source.records());

  TESSERA_TRY(AtomicFile file, AtomicFile::create(path, options));
  file.write(Bytes(sections.front().plain.offset));  // the front's place
  for (SealedSection& s : sections) {
    Sha256Stream digest;
    seal::SectionSealer sealer(reader_of(s.plain, envelope), bound_to(text, s.plain),
                               s.plain.length, [&](ByteView bytes) {
                                 digest.update(bytes);
                                 file.write(bytes);
                               });
    source.put(s.plain, [&](ByteView bytes) { sealer.add(bytes); });
    sealer.finish();
    s.digest = digest.finish();
    s.box = sealer.box();
    put_padding(seal::sealed_length(s.plain.length), [&](ByteView bytes) { file.write(bytes); });
  }
  const Bytes front = encode_front(text, sections, length);
  file.write_at(0, front);
  file.write_at(front.size(), seal::sign(*sealing.owner, kSealedContext, sha256(front)));
  return file.commit();
}

Result<void> write_sealed(const std::string& path, const Header& header,
                          const std::vector<PassColumns>& passes,
                          const std::vector<JoinRecord>& records,
                          const std::vector<JoinHandle>& handles, const Sealing& sealing,
                          AtomicFile::Options options) {
  HeldColumns held(passes, records, handles);
  TESSERA_CHECK(held.check(header.schema));
  return write_sealed(path, header, held, sealing, options);
}

}  // namespace tessera::encoded
