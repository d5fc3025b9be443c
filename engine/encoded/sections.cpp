// Fixed header and directory, written and read; every number is checked before it is used.
#include "engine/encoded/sections.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/encoded/magic.h"
#include "engine/schema/layout.h"

namespace tessera::encoded {
namespace {

Error bad_section(std::string what) { return {ErrorCode::format, std::move(what), ""}; }

Section decode_slot(const std::uint8_t* p) {
  Section s;
  s.kind = static_cast<SectionKind>(load_le<std::uint16_t>(p));
  s.pass = load_le<std::uint16_t>(p + 2);
  s.stride = load_le<std::uint32_t>(p + 4);
  s.offset = load_le<std::uint64_t>(p + 8);
  s.length = load_le<std::uint64_t>(p + 16);
  s.rows = load_le<std::uint64_t>(p + 24);
  std::memcpy(s.checksum.data(), p + 32, s.checksum.size());
  return s;
}

// The section's own numbers against the plan and the file; `at` is where it must begin.
Result<void> check_section(const Section& s, const Section& plan, ByteView file, std::uint64_t at,
                           const std::string& name) {
  auto bad = [&](std::string_view rule) {
    return bad_section(fmt::format("directory: {}: {}", name, rule));
  };
  if (s.kind != plan.kind || s.pass != plan.pass) return bad("another section stands in its place");
  if (s.stride != plan.stride) return bad("the row stride is not the schema's");
  if (s.rows > kMostRows) return bad("too many rows");
  if (s.offset != at) return bad("it does not begin where the section before it ends");
  if (s.length > file.size() - at) return bad("it ends after the end of the file");
  std::uint64_t records = 0;
  if (s.kind == SectionKind::join) {
    if (s.length < 8) return bad("too short to hold its record count");
    records = load_le<std::uint64_t>(file.data() + s.offset);
    if (records > kMostRows) return bad("too many records");
  }
  if (s.length != length_of(s, records)) return bad("its length does not fit its rows");
  if (padded(s.length) > file.size() - at) return bad("its padding is missing");
  if (!all_zero(file.subspan(at + s.length, padded(s.length) - s.length)))
    return bad("its padding is not zero");
  return {};
}

}  // namespace

bool all_zero(ByteView bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t b) { return b == 0; });
}

std::string name_of(const Section& section, const schema::Schema& schema) {
  if (section.kind == SectionKind::join) return "join";
  return fmt::format("{} of pass {}",
                     section.kind == SectionKind::entries ? "entries" : "ssn tokens",
                     schema.passes[section.pass].name);
}

std::array<std::uint8_t, kPreambleBytes> encode(const Preamble& preamble) {
  std::array<std::uint8_t, kPreambleBytes> out{};
  std::ranges::copy(kMagic, out.begin());
  store_le<std::uint32_t>(out.data() + 8, kVersion);
  store_le<std::uint32_t>(out.data() + 12, preamble.header_length);
  store_le<std::uint64_t>(out.data() + 16, preamble.file_length);
  store_le<std::uint32_t>(out.data() + 24, preamble.sections);
  std::ranges::copy(preamble.header_checksum, out.begin() + 32);
  std::ranges::copy(preamble.directory_checksum, out.begin() + 48);
  return out;
}

Result<Preamble> decode_preamble(ByteView file) {
  if (!begins_with(file, kMagic)) return bad_section(std::string(why_not_encoded(file)));
  if (file.size() < kPreambleBytes) return bad_section("fixed header: the file ends inside it");
  const std::uint8_t* p = file.data();
  if (p[7] != kMagic[7] || load_le<std::uint32_t>(p + 8) != kVersion)
    return bad_section("fixed header: a version this tessera does not know; a newer one may");
  Preamble out;
  out.header_length = load_le<std::uint32_t>(p + 12);
  out.file_length = load_le<std::uint64_t>(p + 16);
  out.sections = load_le<std::uint32_t>(p + 24);
  std::copy_n(p + 32, out.header_checksum.size(), out.header_checksum.begin());
  std::copy_n(p + 48, out.directory_checksum.size(), out.directory_checksum.begin());
  if (load_le<std::uint32_t>(p + 28) != 0)
    return bad_section("fixed header: reserved bytes are not zero");
  if (out.file_length != file.size())
    return bad_section("fixed header: the file is not as long as it says; copy it again");
  if (out.header_length == 0 || out.header_length > kLongestHeader ||
      directory_offset(out) > file.size())
    return bad_section("fixed header: the length of the header JSON is out of range");
  return out;
}

std::vector<Section> planned(const schema::Schema& schema) {
  std::vector<Section> out;
  const auto passes = static_cast<std::uint16_t>(schema.passes.size());
  for (std::uint16_t p = 0; p < passes; ++p) {
    Section s;
    s.pass = p;
    s.stride = schema::layout(schema, p).stride;
    out.push_back(s);
  }
  out.emplace_back().kind = SectionKind::join;
  for (std::uint16_t p = 0; schema.ssn && p < passes; ++p) {
    Section s;
    s.kind = SectionKind::ssn_tokens;
    s.pass = p;
    s.stride = 2;
    out.push_back(s);
  }
  return out;
}

std::uint64_t length_of(const Section& section, std::uint64_t records) {
  const std::uint64_t n = section.rows;
  switch (section.kind) {
    case SectionKind::entries:
      return n * 24 + padded(n * 2) + n * section.stride;
    case SectionKind::ssn_tokens:
      return n * 2;
    case SectionKind::join:
      return 8 + records * kJoinRecordBytes + n * kJoinHandleBytes;
  }
  return 0;
}

Bytes encode_directory(const std::vector<Section>& sections, std::size_t slots) {
  Bytes out(slots * kSlotBytes);
  std::uint8_t* p = out.data();
  for (const Section& s : sections) {
    store_le<std::uint16_t>(p, static_cast<std::uint16_t>(s.kind));
    store_le<std::uint16_t>(p + 2, s.pass);
    store_le<std::uint32_t>(p + 4, s.stride);
    store_le<std::uint64_t>(p + 8, s.offset);
    store_le<std::uint64_t>(p + 16, s.length);
    store_le<std::uint64_t>(p + 24, s.rows);
    std::memcpy(p + 32, s.checksum.data(), s.checksum.size());
    p += kSlotBytes;
  }
  return out;
}

Result<std::vector<Section>> decode_directory(ByteView file, const Preamble& preamble,
                                              const schema::Schema& schema) {
  const std::vector<Section> plan = planned(schema);
  const std::uint64_t begin = directory_offset(preamble);
  const std::uint64_t size = plan.size() * kSlotBytes;
  if (size > file.size() - begin) return bad_section("directory: the file ends inside it");
  const ByteView slots = file.subspan(begin, size);
  if (checksum(slots) != preamble.directory_checksum)
    return bad_section("directory: the checksum does not match; the file is damaged");
  const std::size_t purged = schema.passes.size() + 1;  // what a purge of SSN data leaves
  if (preamble.sections != plan.size() && preamble.sections != purged)
    return bad_section("directory: not the sections that the schema asks for");
  if (!all_zero(slots.subspan(preamble.sections * kSlotBytes)))
    return bad_section("directory: an unused slot is not zero");
  std::vector<Section> out;
  std::uint64_t at = begin + size;
  for (std::size_t i = 0; i < preamble.sections; ++i) {
    const Section s = decode_slot(slots.data() + i * kSlotBytes);
    TESSERA_CHECK(check_section(s, plan[i], file, at, name_of(plan[i], schema)));
    if (s.kind == SectionKind::ssn_tokens && s.rows != out[s.pass].rows)
      return bad_section(fmt::format("directory: {}: not one for each entry", name_of(s, schema)));
    at += padded(s.length);
    out.push_back(s);
  }
  if (at != file.size()) return bad_section("directory: bytes follow the last section");
  return out;
}

}  // namespace tessera::encoded
