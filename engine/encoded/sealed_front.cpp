// Written in one piece; read with every number held against the schema and the file.
#include "engine/encoded/sealed_front.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/encoded/header_json.h"

namespace tessera::encoded {
namespace {

Error bad_front(std::string what) { return {ErrorCode::format, std::move(what), ""}; }

void put_slot(std::uint8_t* p, const SealedSection& s) {
  store_le<std::uint16_t>(p, static_cast<std::uint16_t>(s.plain.kind));
  store_le<std::uint16_t>(p + 2, s.plain.pass);
  store_le<std::uint32_t>(p + 4, s.plain.stride);
  store_le<std::uint64_t>(p + 8, s.plain.offset);
  store_le<std::uint64_t>(p + 16, seal::sealed_length(s.plain.length));
  store_le<std::uint64_t>(p + 24, s.plain.length);
  store_le<std::uint64_t>(p + 32, s.plain.rows);
  std::ranges::copy(s.digest, p + 40);
  std::ranges::copy(s.box, p + 72);
}

// The slot against the plan, the counts and the file; `at` is where the section must begin.
Result<SealedSection> take_slot(const std::uint8_t* p, const Section& plan,
                                const SealedFront& front, ByteView file, std::uint64_t at) {
  auto bad = [&](std::string_view rule) {
    return bad_front(fmt::format("directory: {}: {}", name_of(plan, front.header.schema), rule));
  };
  SealedSection s;
  s.plain = plan;
  if (load_le<std::uint16_t>(p) != static_cast<std::uint16_t>(plan.kind) ||
      load_le<std::uint16_t>(p + 2) != plan.pass)
    return bad("another section stands in its place");
  if (load_le<std::uint32_t>(p + 4) != plan.stride)
    return bad("the row stride is not the schema's");
  s.plain.offset = load_le<std::uint64_t>(p + 8);
  s.plain.length = load_le<std::uint64_t>(p + 24);
  s.plain.rows = load_le<std::uint64_t>(p + 32);
  std::copy_n(p + 40, s.digest.size(), s.digest.begin());
  std::copy_n(p + 72, s.box.size(), s.box.begin());
  if (s.plain.rows > front.envelope.entries) return bad("more rows than the header says");
  if (s.plain.length != length_of(s.plain, front.envelope.records))
    return bad("its length does not fit its rows");
  if (s.plain.offset != at) return bad("it does not begin where the section before it ends");
  const std::uint64_t length = load_le<std::uint64_t>(p + 16);
  if (length != seal::sealed_length(s.plain.length))
    return bad("its sealed length does not fit its length");
  if (padded(length) > file.size() - at) return bad("it ends after the end of the file");
  if (!all_zero(file.subspan(at + length, padded(length) - length)))
    return bad("its padding is not zero");
  return s;
}

Result<void> take_sections(ByteView file, std::uint64_t at, SealedFront& out) {
  const std::vector<Section> plan = planned(out.header.schema);
  const std::uint64_t size = plan.size() * kSealedSlotBytes;
  if (size + out.signature.size() > file.size() - at)
    return bad_front("directory: the file ends inside it");
  const std::uint8_t* slots = file.data() + at;
  at += size;
  out.bytes.assign(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(at));
  std::copy_n(file.data() + at, out.signature.size(), out.signature.begin());
  at += out.signature.size();
  std::uint64_t entries = 0;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    TESSERA_TRY(const SealedSection s,
                take_slot(slots + i * kSealedSlotBytes, plan[i], out, file, at));
    if (s.plain.kind == SectionKind::entries) entries += s.plain.rows;
    const bool fits =
        s.plain.kind == SectionKind::entries ||
        (s.plain.kind == SectionKind::join ? s.plain.rows == out.envelope.entries
                                           : s.plain.rows == out.sections[s.plain.pass].plain.rows);
    if (!fits)
      return bad_front(fmt::format("directory: {}: not one row for each entry",
                                   name_of(s.plain, out.header.schema)));
    at += padded(seal::sealed_length(s.plain.length));
    out.sections.push_back(s);
  }
  if (entries != out.envelope.entries)
    return bad_front("directory: not as many entries as the header says");
  if (at != file.size()) return bad_front("directory: bytes follow the last section");
  return {};
}

}  // namespace

bool is_sealed(ByteView file) {
  return file.size() >= kSealedMagic.size() &&
         std::equal(kSealedMagic.begin(), kSealedMagic.end() - 1, file.begin());
}

std::uint64_t lay_out(std::string_view text, std::vector<SealedSection>& sections,
                      std::uint64_t records) {
  std::uint64_t at = kPreambleBytes + padded(text.size()) + sections.size() * kSealedSlotBytes +
                     sizeof(seal::Signature);
  for (SealedSection& s : sections) {
    s.plain.offset = at;
    s.plain.length = length_of(s.plain, records);
    at += padded(seal::sealed_length(s.plain.length));
  }
  return at;
}

Bytes encode_front(std::string_view text, const std::vector<SealedSection>& sections,
                   std::uint64_t file_length) {
  const std::size_t directory = kPreambleBytes + padded(text.size());
  Bytes out(directory + sections.size() * kSealedSlotBytes);
  std::ranges::copy(kSealedMagic, out.begin());
  store_le<std::uint32_t>(out.data() + 8, kSealedVersion);
  store_le<std::uint32_t>(out.data() + 12, static_cast<std::uint32_t>(text.size()));
  store_le<std::uint64_t>(out.data() + 16, file_length);
  store_le<std::uint32_t>(out.data() + 24, static_cast<std::uint32_t>(sections.size()));
  std::ranges::copy(text, out.begin() + kPreambleBytes);
  for (std::size_t i = 0; i < sections.size(); ++i)
    put_slot(out.data() + directory + i * kSealedSlotBytes, sections[i]);
  return out;
}

Result<SealedFront> decode_front(ByteView file) {
  if (!is_sealed(file)) return bad_front("not a sealed tessera file");
  if (file.size() < kPreambleBytes) return bad_front("fixed header: the file ends inside it");
  const std::uint8_t* p = file.data();
  if (p[7] != kSealedMagic[7] || load_le<std::uint32_t>(p + 8) != kSealedVersion)
    return bad_front("fixed header: a version this tessera does not know; a newer one may");
  const std::uint32_t length = load_le<std::uint32_t>(p + 12);
  if (!all_zero(file.subspan(28, kPreambleBytes - 28)))
    return bad_front("fixed header: reserved bytes are not zero");
  if (load_le<std::uint64_t>(p + 16) != file.size())
    return bad_front("fixed header: the file is not as long as it says; copy it again");
  if (length == 0 || length > kLongestHeader || kPreambleBytes + padded(length) > file.size())
    return bad_front("fixed header: the length of the header JSON is out of range");
  SealedFront out;
  out.text = as_text(file.subspan(kPreambleBytes, length));
  if (!all_zero(file.subspan(kPreambleBytes + length, padded(length) - length)))
    return bad_front("header: its padding is not zero");
  TESSERA_TRY(out.header, header_from_json(out.text, &out.envelope));
  if (load_le<std::uint32_t>(p + 24) != planned(out.header.schema).size())
    return bad_front("directory: not the sections that the schema asks for");
  TESSERA_CHECK(take_sections(file, kPreambleBytes + padded(length), out));
  return out;
}

bool signature_holds(const SealedFront& front) {
  return seal::verify(front.envelope.signer, kSealedContext, front.digest(), front.signature);
}

Bytes bound_to(std::string_view text, const Section& section) {
  const Sha256 header = sha256(as_bytes(text));
  Bytes out(header.begin(), header.end());
  append_le<std::uint16_t>(out, static_cast<std::uint16_t>(section.kind));
  append_le<std::uint16_t>(out, section.pass);
  return out;
}

}  // namespace tessera::encoded
