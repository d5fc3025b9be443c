// The sealed half of the reader: who signed, what was promised, then section by section.
#include <fmt/format.h>

#include "engine/core/parallel.h"
#include "engine/encoded/join_section.h"
#include "engine/encoded/reader_state.h"

namespace tessera::encoded {
namespace {

ByteView sealed_bytes(ByteView file, const Section& s) {
  return file.subspan(s.offset, seal::sealed_length(s.length));
}

Result<void> check_digests(ByteView file, const SealedFront& front) {
  std::vector<char> damaged(front.sections.size());
  parallel_for(front.sections.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      damaged[i] = sha256(sealed_bytes(file, front.sections[i].plain)) != front.sections[i].digest;
  });
  for (std::size_t i = 0; i < damaged.size(); ++i)
    if (damaged[i] != 0)
      return Error{ErrorCode::crypto,
                   fmt::format("{}: not the bytes that its owner signed; have it sent again",
                               name_of(front.sections[i].plain, front.header.schema)),
                   ""};
  return {};
}

}  // namespace

Result<SealedFront> look_at_sealed(ByteView file) {
  TESSERA_TRY(SealedFront front, decode_front(file));
  if (!signature_holds(front))
    return Error{ErrorCode::crypto,
                 "the signature does not hold: the file was changed after it was signed", ""};
  TESSERA_CHECK(check_digests(file, front));
  return front;
}

Result<void> File::State::open_boxes(const SealedFront& front, const Opening& opening) {
  for (const SealedSection& s : front.sections) {
    const bool join = s.plain.kind == SectionKind::join;
    TESSERA_TRY(const seal::KeyPair* pair,
                key_for(join ? seal::Use::join : seal::Use::entries, *envelope, opening));
    auto key = seal::open_box(s.box, *pair);
    if (!key)
      return Error{ErrorCode::crypto,
                   fmt::format("{}: its key does not open; have it encoded again",
                               name_of(s.plain, header.schema)),
                   ""};
    keys.push_back(std::move(*key));
  }
  return {};
}

Result<void> File::State::unseal(std::size_t i) {
  const Section& s = sections[i];
  PlainBytes out(s.length);
  if (!seal::open_section(keys[i], bound_to(header_text, s), sealed_bytes(bytes, s), out.bytes()))
    return Error{
        ErrorCode::crypto,
        fmt::format("{}: does not open; the file is damaged or was put together from others",
                    name_of(s, header.schema)),
        ""};
  plain[i] = std::move(out);
  if (mapped) mapped->release(s.offset, seal::sealed_length(s.length));
  return {};
}

Result<void> File::State::unseal_pass(std::size_t pass) {
  for (const SectionKind kind : {SectionKind::entries, SectionKind::ssn_tokens}) {
    const std::size_t i = section_of(kind, pass);
    if (i == sections.size()) continue;
    TESSERA_CHECK(unseal(i));
    TESSERA_CHECK(view_section(sections[i], plain[i].bytes().data()));
  }
  return {};
}

void File::State::drop_pass(std::size_t pass) {
  for (const SectionKind kind : {SectionKind::entries, SectionKind::ssn_tokens}) {
    const std::size_t i = section_of(kind, pass);
    if (i < sections.size()) plain[i].clear();
  }
  passes[pass] = {};
}

Result<void> File::State::load_sealed(const Opening& opening) {
  TESSERA_TRY(const SealedFront front, look_at_sealed(bytes));
  header = front.header;
  envelope = front.envelope;
  header_text = front.text;
  digest = front.digest();
  TESSERA_CHECK(check_trust(header, *envelope, opening));
  for (const SealedSection& s : front.sections) sections.push_back(s.plain);
  for (std::size_t p = 0; p < header.schema.passes.size(); ++p)
    layouts.push_back(schema::layout(header.schema, p));
  passes.resize(layouts.size());
  plain.resize(sections.size());
  TESSERA_CHECK(open_boxes(front, opening));

  const std::size_t join = section_of(SectionKind::join, 0);
  TESSERA_CHECK(unseal(join));
  if (load_le<std::uint64_t>(plain[join].bytes().data()) != envelope->records)
    return Error{ErrorCode::format, "join: not as many records as the header says", ""};
  TESSERA_CHECK(decode_join(plain[join].bytes(), sections[join].rows, records, handles));
  plain[join].clear();
  return {};
}

}  // namespace tessera::encoded
