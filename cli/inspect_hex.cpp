#include "cli/inspect_hex.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace tessera::cli {
namespace {

using encoded::Section;
using encoded::SectionKind;

constexpr std::size_t kWidth = 16;  // bytes of a line

// Lines of a dump; each call tells one thing about the bytes that follow the last ones.
class Dump {
 public:
  Dump(ByteView bytes, std::string& out) : bytes_(bytes), out_(out) {}

  // The note stands beside the first line of its bytes.
  void show(std::size_t size, std::string_view note) {
    for (std::size_t done = 0; done < size; done += kWidth) {
      const std::size_t n = std::min(kWidth, size - done);
      std::string hex;
      for (std::size_t i = 0; i < n; ++i) hex += fmt::format("{:02x} ", bytes_[at_ + done + i]);
      if (done > 0 || note.empty())
        out_ += fmt::format("{:08x}  {}\n", at_ + done, hex.substr(0, hex.size() - 1));
      else
        out_ += fmt::format("{:08x}  {:<{}} {}\n", at_, hex, kWidth * 3, note);
    }
    at_ += size;
  }
  void title(std::string_view text) {
    out_ += fmt::format("{}{}\n", out_.empty() ? "" : "\n", text);
  }
  // The first of `size` bytes, then a line that says how many are not shown.
  void show_start(std::size_t size, std::size_t most, std::string_view note) {
    show(std::min(size, most), note);
    if (size <= most) return;
    out_ += fmt::format("          ... {} more bytes\n", size - most);
    at_ += size - most;
  }
  void padding(std::size_t to) { show(to - at_, "padding"); }
  std::size_t at() const { return at_; }

 private:
  ByteView bytes_;
  std::string& out_;
  std::size_t at_ = 0;
};

void fixed_header(Dump& d, const encoded::Preamble& p) {
  d.title("fixed header");
  d.show(8, "magic: TESSERA, 01");
  d.show(4, fmt::format("version {}", encoded::kVersion));
  d.show(4, fmt::format("header JSON: {} bytes", p.header_length));
  d.show(8, fmt::format("file: {} bytes", p.file_length));
  d.show(4, fmt::format("sections: {}", p.sections));
  d.show(4, "reserved");
  d.show(16, "XXH3-128 of the header JSON");
  d.show(16, "XXH3-128 of the directory");
}

void directory(Dump& d, const encoded::File& file, std::size_t slots) {
  const auto sections = file.sections();
  for (std::size_t i = 0; i < slots; ++i) {
    if (i >= sections.size()) {
      d.title(fmt::format("directory, slot {}: unused", i));
      d.show(encoded::kSlotBytes, "");
      continue;
    }
    const Section& s = sections[i];
    d.title(fmt::format("directory, slot {}: {}", i, name_of(s, file.header().schema)));
    d.show(2, fmt::format("kind {}", static_cast<unsigned>(s.kind)));
    d.show(2, fmt::format("pass {}", s.pass));
    d.show(4, fmt::format("row stride: {} bytes", s.stride));
    d.show(8, fmt::format("offset: {:#x}", s.offset));
    d.show(8, fmt::format("length: {} bytes", s.length));
    d.show(8, fmt::format("rows: {}", s.rows));
    d.show(16, "XXH3-128 of the section");
  }
}

void section(Dump& d, const encoded::File& file, const Section& s) {
  d.title(name_of(s, file.header().schema));
  const std::size_t rows = s.rows;
  if (s.kind == SectionKind::entries) {
    d.show_start(rows * 16, 32, "tags, 16 bytes each, sorted");
    d.show_start(rows * 8, 32, "handles, 8 bytes each");
    d.show_start(rows * 2, 16, "presence words, 2 bytes each");
    d.padding(encoded::padded(d.at()));
    d.show_start(rows * s.stride, s.stride, fmt::format("rows of bits, {} bytes each", s.stride));
  } else if (s.kind == SectionKind::join) {
    const std::size_t records = file.records().size();
    d.show(8, fmt::format("records: {}", records));
    d.show_start(records * encoded::kJoinRecordBytes, encoded::kJoinRecordBytes,
                 "records: key, ssn state, usable passes, mandatory, 5 zeros");
    d.show_start(rows * encoded::kJoinHandleBytes, encoded::kJoinHandleBytes,
                 "handles: handle, number of its record");
  } else {
    d.show_start(rows * 2, 16, "tokens, 2 bytes each, in the order of the entries");
  }
  d.padding(encoded::padded(d.at()));
}

}  // namespace

std::string annotated_hex(ByteView bytes, const encoded::File& file) {
  std::string out;
  Dump d(bytes, out);
  encoded::Preamble p;
  p.header_length = load_le<std::uint32_t>(bytes.data() + 12);
  p.file_length = bytes.size();
  p.sections = static_cast<std::uint32_t>(file.sections().size());
  fixed_header(d, p);
  d.title("header JSON");
  d.show_start(p.header_length, 32, "canonical: one line, members sorted");
  d.padding(encoded::directory_offset(p));
  directory(d, file, encoded::planned(file.header().schema).size());
  for (const Section& s : file.sections()) section(d, file, s);
  return out;
}

}  // namespace tessera::cli
