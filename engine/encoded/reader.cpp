// Opens a file: bones first, then checksums, then every row; only a file without fault is given.
#include "engine/encoded/reader.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "engine/core/parallel.h"
#include "engine/encoded/header_json.h"
#include "engine/encoded/join_section.h"
#include "engine/encoded/reader_state.h"

namespace tessera::encoded {

namespace {

template <class T>
std::span<const T> column(const std::uint8_t* p, std::uint64_t rows) {
  return {reinterpret_cast<const T*>(p), static_cast<std::size_t>(rows)};
}

}  // namespace

Result<void> File::State::load_header(const Preamble& preamble) {
  const ByteView text = bytes.subspan(kPreambleBytes, preamble.header_length);
  if (checksum(text) != preamble.header_checksum)
    return Error{ErrorCode::format, "header: the checksum does not match; the file is damaged", ""};
  if (!all_zero(bytes.subspan(kPreambleBytes + text.size(), padded(text.size()) - text.size())))
    return Error{ErrorCode::format, "header: its padding is not zero", ""};
  TESSERA_TRY(header, header_from_json(as_text(text)));
  for (std::size_t p = 0; p < header.schema.passes.size(); ++p)
    layouts.push_back(schema::layout(header.schema, p));
  return {};
}

Result<void> File::State::check_sums() const {
  std::vector<char> damaged(sections.size());
  parallel_for(sections.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      damaged[i] =
          checksum(bytes.subspan(sections[i].offset, sections[i].length)) != sections[i].checksum
              ? 1
              : 0;
  });
  for (std::size_t i = 0; i < sections.size(); ++i)
    if (damaged[i] != 0)
      return Error{ErrorCode::format,
                   fmt::format("{}: the checksum does not match; the file is damaged",
                               name_of(sections[i], header.schema)),
                   ""};
  return {};
}

std::size_t File::State::section_of(SectionKind kind, std::size_t pass) const {
  const auto it = std::ranges::find_if(
      sections, [&](const Section& s) { return s.kind == kind && s.pass == pass; });
  return static_cast<std::size_t>(it - sections.begin());
}

Result<void> File::State::view_section(const Section& s, const std::uint8_t* p) {
  PassView& pass = passes[s.pass];
  if (s.kind == SectionKind::ssn_tokens) {
    pass.ssn_tokens = column<std::uint16_t>(p, s.rows);
    return {};
  }
  pass.stride = s.stride;
  pass.tags = column<Tag>(p, s.rows);
  pass.handles = column<Handle>(p + s.rows * 16, s.rows);
  pass.presence = column<std::uint16_t>(p + s.rows * 24, s.rows);
  pass.bits = column<std::uint8_t>(p + s.rows * 24 + padded(s.rows * 2), s.rows * s.stride);
  if (!all_zero({p + s.rows * 26, padded(s.rows * 2) - s.rows * 2}))
    return Error{ErrorCode::format,
                 fmt::format("{}: the padding of a column is not zero", name_of(s, header.schema)),
                 ""};
  return {};
}

Result<void> File::State::load_open() {
  TESSERA_TRY(const Preamble preamble, decode_preamble(bytes));
  TESSERA_CHECK(load_header(preamble));
  TESSERA_TRY(sections, decode_directory(bytes, preamble, header.schema));
  TESSERA_CHECK(check_sums());
  passes.resize(header.schema.passes.size());
  for (const Section& s : sections) {
    const std::uint8_t* p = bytes.data() + s.offset;
    if (s.kind == SectionKind::join) {
      TESSERA_CHECK(decode_join({p, static_cast<std::size_t>(s.length)}, s.rows, records, handles));
    } else {
      TESSERA_CHECK(view_section(s, p));
    }
  }
  Sha256Stream hash;
  hash.update_sized(bytes.subspan(kPreambleBytes, preamble.header_length));
  hash.update_sized(
      bytes.subspan(directory_offset(preamble), planned(header.schema).size() * kSlotBytes));
  digest = hash.finish();
  return {};
}

// Pass by pass, so that of a sealed file no more than one is open at a time.
Result<void> File::State::validate_all() {
  const Content content{header, passes, layouts, records, handles};
  TESSERA_CHECK(validate_join(content));
  index = HandleIndex(handles);
  PassValidator validator(content, index);
  for (std::size_t p = 0; p < passes.size(); ++p) {
    if (sealed()) TESSERA_CHECK(unseal_pass(p));
    TESSERA_CHECK(validator.check(p));
    if (sealed()) drop_pass(p);
  }
  return validator.finish();
}

Result<void> File::State::load(const Opening& opening) {
  if (is_sealed(bytes)) {
    TESSERA_CHECK(load_sealed(opening));
  } else {
    TESSERA_CHECK(load_open());
  }
  return validate_all();
}

namespace {

// Faults are found without knowing the path; it is put in front here, once.
Error at_path(Error error, const std::string& path) {
  if (!error.where.empty()) error.what = error.where + ": " + error.what;
  error.where = path;
  return error;
}

}  // namespace

File::File() : state_(std::make_unique<State>()) {}
File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() = default;

Result<File> File::open(const std::string& path, const Opening& opening) {
  File file;
  TESSERA_TRY(file.state_->mapped, MappedFile::open(path));
  file.state_->path = path;
  file.state_->bytes = file.state_->mapped->view();
  if (auto loaded = file.state_->load(opening); !loaded) return at_path(loaded.error(), path);
  return file;
}

Result<File> File::parse(ByteView bytes, const std::string& name, const Opening& opening) {
  File file;
  State& s = *file.state_;
  s.path = name;
  s.bytes = bytes;
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(std::uint64_t) != 0) {
    s.aligned.resize(bytes.size() / 8 + 1);
    std::memcpy(s.aligned.data(), bytes.data(), bytes.size());
    s.bytes = {reinterpret_cast<const std::uint8_t*>(s.aligned.data()), bytes.size()};
  }
  if (auto loaded = s.load(opening); !loaded) return at_path(loaded.error(), name);
  return file;
}

const Header& File::header() const { return state_->header; }
const std::string& File::path() const { return state_->path; }
Sha256 File::digest() const { return state_->digest; }
std::size_t File::passes() const { return state_->passes.size(); }
bool File::sealed() const { return state_->sealed(); }
const Envelope* File::envelope() const { return sealed() ? &*state_->envelope : nullptr; }
PassView File::pass(std::size_t p) const { return state_->passes[p]; }
std::uint64_t File::rows(std::size_t p) const {
  return state_->sections[state_->section_of(SectionKind::entries, p)].rows;
}
bool File::tokens() const {
  return state_->section_of(SectionKind::ssn_tokens, 0) < state_->sections.size();
}
const schema::Layout& File::layout(std::size_t p) const { return state_->layouts[p]; }
std::span<const JoinRecord> File::records() const { return state_->records; }
std::span<const JoinHandle> File::handles() const { return state_->handles; }
std::span<const Section> File::sections() const { return state_->sections; }

std::uint32_t File::record_of(Handle handle) const {
  const std::size_t at = state_->index.find(handle);
  assert(at != HandleIndex::kNone);
  return state_->handles[at].record;
}

Result<PassView> File::load(std::size_t p) const {
  State& s = *state_;
  if (s.sealed() && s.plain[s.section_of(SectionKind::entries, p)].empty())
    if (auto opened = s.unseal_pass(p); !opened) return at_path(opened.error(), s.path);
  return s.passes[p];
}

void File::release(std::size_t p) const {
  if (state_->sealed()) return state_->drop_pass(p);
  if (!state_->mapped) return;
  for (const Section& s : state_->sections)
    if (s.kind != SectionKind::join && s.pass == p) state_->mapped->release(s.offset, s.length);
}

}  // namespace tessera::encoded
