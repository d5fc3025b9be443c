#include "engine/clkjoin/pair_file.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <vector>

#include <fmt/format.h>

namespace tessera::clkjoin {
namespace {

constexpr std::uint8_t kHeader[4] = {1, 8, 4, 4};
constexpr std::size_t kWritten = 65536;

std::uint64_t load(const std::uint8_t* p, std::size_t size) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < size; ++i) out |= std::uint64_t{p[i]} << (8 * i);
  return out;
}

// IEEE half precision to double.
double half(std::uint64_t bits) {
  const double sign = (bits & 0x8000U) != 0 ? -1 : 1;
  const auto exponent = static_cast<int>((bits >> 10) & 31U);
  const auto fraction = static_cast<double>(bits & 1023U);
  if (exponent == 31) return std::nan("");
  return sign *
         (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

double real(const std::uint8_t* p, std::size_t size) {
  const std::uint64_t bits = load(p, size);
  if (size == 8) return std::bit_cast<double>(bits);
  if (size == 4) return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  return half(bits);
}

// Collects pairs, checks them, and hands them on in pieces.
class Feed {
 public:
  Feed(const std::string& name, const std::function<Result<void>(std::span<const Pair>)>& take)
      : name_(name), take_(take) {}
  Result<void> add(const Pair& pair, std::size_t number) {
    const auto where = [&] { return fmt::format("{}: pair {}", name_, number); };
    if (!(pair.similarity >= 0 && pair.similarity <= 1))
      return Error{ErrorCode::format, "a similarity lies outside 0 to 1", where()};
    if (last_ && before(pair, *last_))
      return Error{ErrorCode::format,
                   "pairs are not in order: most similar first, then by dataset and row", where()};
    last_ = pair;
    piece_.push_back(pair);
    if (piece_.size() < kWritten) return {};
    return flush();
  }
  Result<void> flush() {
    if (!piece_.empty()) TESSERA_CHECK(take_(piece_));
    piece_.clear();
    return {};
  }

 private:
  const std::string& name_;
  const std::function<Result<void>(std::span<const Pair>)>& take_;
  std::vector<Pair> piece_;
  std::optional<Pair> last_;
};

bool is_int_size(std::size_t n) { return n == 1 || n == 2 || n == 4 || n == 8; }

Result<void> read_binary(ByteView file, const std::string& name, Feed& feed) {
  if (file.size() < 4) return Error{ErrorCode::format, "the file ends in its header", name};
  const std::size_t sim = file[1];
  const std::size_t dataset = file[2];
  const std::size_t row = file[3];
  if ((sim != 2 && sim != 4 && sim != 8) || !is_int_size(dataset) || !is_int_size(row))
    return Error{ErrorCode::format, "the header states sizes that are not allowed", name};
  const std::size_t size = sim + 2 * dataset + 2 * row;
  if ((file.size() - 4) % size != 0)
    return Error{ErrorCode::format, "the file ends within a pair", name};
  std::size_t number = 0;
  for (const std::uint8_t* p = file.data() + 4; p != file.data() + file.size(); p += size) {
    const std::uint8_t* q = p + sim;
    const std::uint64_t parts[4] = {load(q, dataset), load(q + dataset, dataset),
                                    load(q + 2 * dataset, row), load(q + 2 * dataset + row, row)};
    for (const std::uint64_t part : parts)
      if (part > 0xffffffff)
        return Error{ErrorCode::limit, "datasets and rows are numbered below 2^32",
                     fmt::format("{}: pair {}", name, number)};
    const auto u = [&](std::size_t i) { return static_cast<std::uint32_t>(parts[i]); };
    TESSERA_CHECK(feed.add({real(p, sim), u(0), u(1), u(2), u(3)}, number++));
  }
  return feed.flush();
}

template <class T>
bool take_number(const char*& at, const char* end, T& out, char after) {
  const auto got = std::from_chars(at, end, out);
  if (got.ec != std::errc{}) return false;
  at = got.ptr;
  if (after == '\n') {
    if (at < end && *at == '\r') ++at;
    if (at == end) return true;
  }
  return at < end && *at++ == after;
}

Result<void> read_csv(std::string_view text, const std::string& name, Feed& feed) {
  const char* at = text.data();
  const char* end = at + text.size();
  for (std::size_t line = 1; at < end; ++line) {
    Pair p{};
    if (!take_number(at, end, p.similarity, ',') || !take_number(at, end, p.dataset0, ',') ||
        !take_number(at, end, p.row0, ',') || !take_number(at, end, p.dataset1, ',') ||
        !take_number(at, end, p.row1, '\n'))
      return Error{ErrorCode::format,
                   "a line must be: similarity, dataset, row, dataset, row, all numbers",
                   fmt::format("{}:{}", name, line)};
    TESSERA_CHECK(feed.add(p, line));
  }
  return feed.flush();
}

}  // namespace

ByteView binary_header() { return kHeader; }

void append_binary(std::span<const Pair> pairs, std::string& out) {
  const std::size_t at = out.size();
  out.resize(at + pairs.size() * 24);
  auto* to = reinterpret_cast<std::uint8_t*>(out.data() + at);
  for (const Pair& p : pairs) {
    store_le(to, std::bit_cast<std::uint64_t>(p.similarity));
    store_le(to + 8, p.dataset0);
    store_le(to + 12, p.dataset1);
    store_le(to + 16, p.row0);
    store_le(to + 20, p.row1);
    to += 24;
  }
}

void append_csv(std::span<const Pair> pairs, std::string& out) {
  for (const Pair& p : pairs) {
    std::string number = fmt::format("{}", p.similarity);
    // Python writes a whole number with ".0"; both print the shortest text that reads back.
    if (number.find_first_of(".e") == std::string::npos) number += ".0";
    fmt::format_to(std::back_inserter(out), "{},{},{},{},{}\n", number, p.dataset0, p.row0,
                   p.dataset1, p.row1);
  }
}

Result<void> read_pairs(ByteView file, const std::string& name,
                        const std::function<Result<void>(std::span<const Pair>)>& take) {
  Feed feed(name, take);
  if (!file.empty() && file[0] == kHeader[0]) return read_binary(file, name, feed);
  return read_csv(as_text(file), name, feed);
}

}  // namespace tessera::clkjoin
