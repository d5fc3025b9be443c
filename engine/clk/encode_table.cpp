#include "engine/clk/encode_table.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "engine/clk/filter.h"
#include "engine/clk/rows.h"
#include "engine/core/parallel.h"
#include "engine/core/text_encoding.h"

namespace tessera::clk {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 16;  // bytes of table per piece of work

struct Piece {
  std::string_view text;
  std::size_t line;
  std::size_t lines = 0;
};

// Line ends: LF, CRLF or CR.
std::size_t lines(std::string_view text) {
  auto n = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  for (std::size_t i = text.find('\r'); i != std::string_view::npos; i = text.find('\r', i + 1))
    if (i + 1 == text.size() || text[i + 1] != '\n') ++n;
  return n;
}

// Cuts about kChunk bytes off the front, whole rows only.
Piece cut(std::string_view& rest, std::size_t& line) {
  Piece piece{rest, line};
  if (rest.size() > kChunk) {
    const std::string_view front = rest.substr(0, kChunk);
    const std::size_t end = front.rfind('\n');
    if (end != std::string_view::npos && front.find('"') == std::string_view::npos) {
      piece.text = rest.substr(0, end + 1);
    } else {  // a quoted cell may hold line ends: only reading tells where rows begin
      Rows rows(rest, 1);
      std::vector<std::string_view> cells;
      while (rows.offset() < kChunk && rows.next(cells)) {
      }
      piece.text = rest.substr(0, rows.offset());
    }
  }
  piece.lines = lines(piece.text);
  line += piece.lines;
  rest.remove_prefix(piece.text.size());
  return piece;
}

struct Outcome {
  std::string json;
  std::uint64_t rows = 0;
  std::optional<Error> error;
};

// `out` is what it was for an earlier piece: its room is used again, as fresh memory would cost
// more than encoding does.
void encode_piece(const Piece& piece, const std::string& name, std::size_t bytes,
                  RowEncoder& encoder, Outcome& out) {
  out.json.clear();
  out.json.reserve((piece.lines + 1) * ((bytes + 2) / 3 * 4 + 4));
  out.rows = 0;
  if (!valid_utf8(piece.text)) {
    out.error =
        Error{ErrorCode::format, "the table is not UTF-8", fmt::format("{}:{}", name, piece.line)};
    return;
  }
  Rows rows(piece.text, piece.line);
  std::vector<std::string_view> cells;
  while (rows.next(cells)) {
    const Result<ByteView> clk = encoder.encode(cells);
    if (!clk) {
      out.error = clk.error();
      out.error->where = fmt::format("{}:{}", name, rows.line());
      return;
    }
    out.json += out.rows++ == 0 ? "\"" : ", \"";
    append_base64(*clk, out.json);
    out.json += '"';
  }
}

Result<void> check_header(const std::vector<std::string_view>& cells, const LinkageSchema& schema,
                          const std::string& where) {
  if (!cells.empty() && cells[0].starts_with("\xEF\xBB\xBF"))
    return Error{ErrorCode::format, "the table starts with a byte order mark: remove it", where};
  if (cells.size() != schema.features.size())
    return Error{ErrorCode::format,
                 fmt::format("the header has {} columns where the schema has {} features",
                             cells.size(), schema.features.size()),
                 where};
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (cells[i] != schema.features[i].identifier)
      return Error{ErrorCode::format,
                   fmt::format("column {} is not '{}', which the schema has in its place", i + 1,
                               schema.features[i].identifier),
                   where};
  return {};
}

// Encoders that are free, so that memos live from piece to piece.
class Pool {
 public:
  explicit Pool(const Encoder& encoder) : encoder_(encoder) {}
  Result<RowEncoder> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return RowEncoder::create(encoder_);
    RowEncoder out = std::move(free_.back());
    free_.pop_back();
    return out;
  }
  void give(RowEncoder encoder) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(encoder));
  }

 private:
  const Encoder& encoder_;
  std::mutex mutex_;
  std::vector<RowEncoder> free_;
};

}  // namespace

Result<EncodeTally> encode_table(std::string_view text, const std::string& name,
                                 const Encoder& encoder, Header header,
                                 const std::function<void(std::string_view)>& write,
                                 Progress& progress) {
  std::size_t line = 1;
  std::string_view rest = text;
  progress.begin("encoding", text.size(), "bytes");
  if (header != Header::none) {
    Rows rows(text, 1);
    std::vector<std::string_view> cells;
    if (!rows.next(cells)) return Error{ErrorCode::format, "the table is empty: no header", name};
    if (header == Header::check) TESSERA_CHECK(check_header(cells, encoder.schema(), name + ":1"));
    rest.remove_prefix(rows.offset());
    line += lines(text.substr(0, rows.offset()));
  }
  Pool pool(encoder);
  EncodeTally tally;
  write("{\"clks\": [");
  std::vector<Outcome> outcomes(threads() == 1 ? 1 : 4 * threads());  // few: what one thread
                                                                      // writes is still at hand
  while (!rest.empty()) {
    std::vector<Piece> pieces;
    while (!rest.empty() && pieces.size() < outcomes.size()) pieces.push_back(cut(rest, line));
    parallel_for(pieces.size(), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        Result<RowEncoder> rows = pool.take();
        if (!rows) {
          outcomes[i].error = rows.error();
          continue;
        }
        encode_piece(pieces[i], name, (encoder.schema().length + 7) / 8, *rows, outcomes[i]);
        pool.give(*std::move(rows));
        progress.advance(pieces[i].text.size());
      }
    });
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const Outcome& o = outcomes[i];
      if (o.error) return *o.error;
      if (tally.rows > 0 && o.rows > 0) write(", ");
      write(o.json);
      tally.rows += o.rows;
    }
  }
  write("]}");
  return tally;
}

}  // namespace tessera::clk
