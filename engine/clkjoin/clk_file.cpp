#include "engine/clkjoin/clk_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <optional>

#include <fmt/format.h>

#include "engine/core/json_stream.h"

namespace tessera::clkjoin {
namespace {

constexpr std::size_t kMostBytes = 2048;  // the sums of 16,384 bits fit every kernel
constexpr std::string_view kTooLong =
    "CLKs of more than 16,384 bits (2,048 bytes) are not linked: encode with a smaller 'l'";

constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> out{};
  for (auto& v : out) v = -1;
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < 64; ++i)
    out[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  return out;
}
constexpr auto kValues = make_values();

// Plain base64 without white space into `out`; false where the careful reader must look.
bool decode_plain(std::string_view text, Bytes& out) {
  if (text.size() % 4 != 0 || text.empty()) return false;
  std::size_t groups = text.size() / 4;
  if (text.back() == '=') --groups;  // the last group is left to the careful reader
  out.resize(groups * 3);
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  std::uint8_t* to = out.data();
  int bad = 0;
  for (std::size_t i = 0; i < groups; ++i, from += 4, to += 3) {
    const int a = kValues[from[0]], b = kValues[from[1]], c = kValues[from[2]],
              d = kValues[from[3]];
    bad |= a | b | c | d;
    const auto group = static_cast<unsigned>(a << 18 | b << 12 | c << 6 | d);
    to[0] = static_cast<std::uint8_t>(group >> 16);
    to[1] = static_cast<std::uint8_t>(group >> 8);
    to[2] = static_cast<std::uint8_t>(group);
  }
  if (bad < 0) return false;
  if (text.back() != '=') return true;
  const auto tail = from_base64(text.substr(groups * 4));
  if (!tail) return false;
  out.insert(out.end(), tail->begin(), tail->end());
  return true;
}

std::optional<std::uint32_t> row_number(std::string_view text) {
  std::uint32_t out = 0;
  const auto got = std::from_chars(text.data(), text.data() + text.size(), out);
  if (got.ec != std::errc{} || got.ptr != text.data() + text.size() || text.empty())
    return std::nullopt;
  return out;
}

// Follows the document and fills a ClkFile.
class Reader final : public json::Events {
 public:
  Reader(std::size_t file_size, BlockNames& names, Progress& progress)
      : file_size_(file_size), names_(names), progress_(progress) {}

  bool start_object() override { return open(true); }
  bool end_object() override { return close(); }
  bool start_array() override { return open(false); }
  bool end_array() override { return close(); }
  bool key(std::string_view name) override {
    if (depth_ == 1) {
      part_ = name == "clks" || name == "encodings" ? Part::clks
              : name == "clknblocks"                ? Part::clknblocks
              : name == "blocks"                    ? Part::blocks
                                                    : Part::skipped;
      if (part_ == Part::clks || part_ == Part::clknblocks) {
        if (has_clks) return stop("the file holds CLKs twice");
        has_clks = true;
      }
      has_blocks |= part_ == Part::blocks || part_ == Part::clknblocks;
      return true;
    }
    if (part_ != Part::blocks || depth_ != 2)
      return part_ == Part::skipped || stop("unexpected object");
    const auto row = row_number(name);
    if (!row) return stop("a key of 'blocks' is no row number");
    block_row_ = *row;
    return true;
  }
  bool text(std::string_view value) override {
    if (part_ == Part::skipped && depth_ >= 1) return true;
    if (part_ == Part::clks && depth_ == 2) return clk(value);
    if (part_ == Part::clknblocks && depth_ == 3)
      return first_ ? (first_ = false, clk(value)) : block(value);
    if (part_ == Part::blocks && depth_ == 3) return block(value);
    return stop("a string stands where the format has none");
  }
  bool number(std::string_view digits) override {
    if (part_ == Part::skipped && depth_ >= 1) return true;
    if (part_ == Part::clknblocks && depth_ == 3 && !first_) return block(digits);
    if (part_ == Part::blocks && depth_ == 3) return block(digits);
    return stop("a number stands where the format has none");
  }
  bool literal(std::string_view) override {
    return (part_ == Part::skipped && depth_ >= 1) ||
           stop("a literal stands where the format has none");
  }

  bits::Matrix matrix;
  std::size_t rows = 0;
  bool has_clks = false;
  bool has_blocks = false;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> entries;  // row, block

 private:
  enum class Part { none, clks, clknblocks, blocks, skipped };

  bool stop(std::string_view why) {
    what = why;
    return false;
  }
  bool open(bool object) {
    ++depth_;
    // The document and the list of blocks are objects, all else is lists.
    const bool wanted = depth_ == 1 || (depth_ == 2 && part_ == Part::blocks);
    if (part_ != Part::skipped && object != wanted)
      return stop(wanted ? "an object should stand here" : "a list should stand here");
    if (depth_ == 3 && part_ == Part::clknblocks) first_ = true;
    const std::size_t most = part_ == Part::clks ? 2 : part_ == Part::skipped ? depth_ : 3;
    return depth_ <= most || stop("lists are nested deeper than the format has them");
  }
  bool close() {
    if (depth_ == 3 && part_ == Part::clknblocks && first_) return stop("a row has no CLK");
    --depth_;
    return true;
  }
  bool block(std::string_view name) {
    const std::size_t row = part_ == Part::blocks ? block_row_ : rows - 1;
    entries.emplace_back(static_cast<std::uint32_t>(row), names_.number(name));
    return true;
  }
  bool clk(std::string_view base64) {
    if (!decode_plain(base64, bytes_)) {
      auto careful = from_base64(base64);
      if (!careful || careful->empty())
        return stop(fmt::format("row {}: the CLK is not base64", rows));
      bytes_ = *std::move(careful);
    }
    if (rows == 0) {
      if (bytes_.size() > kMostBytes) return stop(std::string(kTooLong));
      // Never more rows than the rest of the file could spell.
      const std::size_t each = (bytes_.size() + 2) / 3 * 4 + 3;
      matrix = bits::Matrix(file_size_ / each + 1, bytes_.size() * 8);
    }
    if (bytes_.size() * 8 != matrix.bits())
      return stop(fmt::format("row {}: the CLK is of another length than the first", rows));
    if (rows == matrix.rows()) return stop("more CLKs than the file has room for");
    matrix.set_row(rows++, bytes_);
    if (rows % 4096 == 0) progress_.advance(4096);
    return true;
  }

  const std::size_t file_size_;
  BlockNames& names_;
  Progress& progress_;
  Part part_ = Part::none;
  std::size_t depth_ = 0;
  std::uint32_t block_row_ = 0;
  bool first_ = false;
  Bytes bytes_;
};

Result<RowBlocks> make_blocks(Reader& reader, std::size_t rows, const std::string& name) {
  for (const auto& [row, block] : reader.entries)
    if (row >= rows)
      return Error{ErrorCode::format, "'blocks' names a row that the CLKs do not have", name};
  return RowBlocks(rows, std::move(reader.entries));
}

}  // namespace

std::uint32_t BlockNames::number(std::string_view name) {
  return numbers_.try_emplace(std::string(name), static_cast<std::uint32_t>(numbers_.size()))
      .first->second;
}

RowBlocks::RowBlocks(std::size_t rows,
                     std::vector<std::pair<std::uint32_t, std::uint32_t>> entries) {
  // By row, counting; then each row's few blocks, sorted and each once.
  start_.assign(rows + 2, 0);
  for (const auto& [row, unused] : entries) ++start_[row + 2];
  for (std::size_t r = 2; r < start_.size(); ++r) start_[r] += start_[r - 1];
  blocks_.resize(entries.size());
  for (const auto& [row, block] : entries) blocks_[start_[row + 1]++] = block;
  start_.pop_back();
  std::size_t to = 0;
  std::size_t from = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    const std::size_t end = start_[r + 1];
    const auto at = [&](std::size_t i) { return blocks_.begin() + static_cast<std::ptrdiff_t>(i); };
    std::sort(at(from), at(end));
    const auto last = std::unique(at(from), at(end));
    const auto n = static_cast<std::size_t>(last - at(from));
    std::copy(at(from), last, at(to));
    start_[r] = to;
    to += n;
    from = end;
  }
  start_[rows] = to;
  blocks_.resize(to);
}

namespace {

// Whether it starts as a JSON file of CLKs does, which raw filters never do by chance.
bool looks_like_json(std::string_view text) {
  const auto skip_blanks = [&] {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  };
  skip_blanks();
  if (!text.starts_with('{')) return false;
  text.remove_prefix(1);
  skip_blanks();
  return std::ranges::any_of(std::initializer_list<std::string_view>{"\"clks\"", "\"clknblocks\"",
                                                                     "\"encodings\"", "\"blocks\""},
                             [&](std::string_view key) { return text.starts_with(key); });
}

}  // namespace

Result<ClkFile> read_clks(ByteView file, const std::string& name, std::size_t bytes_each,
                          BlockNames& names, Progress& progress) {
  const std::string_view text = as_text(file);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  ClkFile out;
  if (bytes_each == 0 && (first == std::string_view::npos || text[first] != '{'))
    return Error{ErrorCode::format,
                 "neither a JSON file of CLKs nor, without --clk-bytes, raw filters", name};
  if (bytes_each != 0) {
    if (bytes_each > kMostBytes) return Error{ErrorCode::limit, std::string(kTooLong), name};
    if (looks_like_json(text))
      return Error{ErrorCode::format,
                   "the file is JSON, and --clk-bytes says raw filters: leave it out", name};
    if (file.size() % bytes_each != 0)
      return Error{ErrorCode::format, "the file's size is no multiple of a CLK's", name};
    out.matrix = bits::Matrix(file.size() / bytes_each, bytes_each * 8);
    for (std::size_t i = 0; i < out.matrix.rows(); ++i)
      out.matrix.set_row(i, file.subspan(i * bytes_each, bytes_each));
    progress.advance(out.matrix.rows());
    return out;
  }
  Reader reader(file.size(), names, progress);
  TESSERA_CHECK(json::stream(text, name, reader));
  if (!reader.has_clks)
    return Error{ErrorCode::format, "the file has neither 'clks' nor 'clknblocks' nor 'encodings'",
                 name};
  out.matrix = std::move(reader.matrix);
  out.matrix.shrink(reader.rows);
  out.has_blocks = reader.has_blocks;
  if (out.has_blocks) {
    TESSERA_TRY(out.blocks, make_blocks(reader, reader.rows, name));
  }
  return out;
}

Result<RowBlocks> read_blocks(ByteView file, const std::string& name, std::size_t rows,
                              BlockNames& names) {
  Silent silent;
  Reader reader(0, names, silent);
  TESSERA_CHECK(json::stream(as_text(file), name, reader));
  if (!reader.has_blocks) return Error{ErrorCode::format, "the file has no 'blocks'", name};
  return make_blocks(reader, rows, name);
}

}  // namespace tessera::clkjoin
