#include "tests/reference/encoded_plain.h"

#include <string>

#include "engine/core/digest.h"
#include "engine/core/json.h"

namespace tessera::reference {
namespace {

void put(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
void put(Bytes& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}
void pad(Bytes& out) {
  while (out.size() % 8 != 0) out.push_back(0);
}

struct Part {
  std::uint64_t kind, pass, stride, rows;
  Bytes body;
};

Part entries(std::size_t p, const encoded::PassColumns& c) {
  Part part{1, p, c.stride, c.tags.size(), {}};
  for (const encoded::Tag& t : c.tags) put(part.body, t);
  for (const encoded::Handle h : c.handles) put(part.body, h, 8);
  for (const std::uint16_t x : c.presence) put(part.body, x, 2);
  pad(part.body);
  put(part.body, c.bits);
  return part;
}

Part join(const Content& content) {
  Part part{3, 0, 0, content.handles.size(), {}};
  put(part.body, content.records.size(), 8);
  for (const encoded::JoinRecord& r : content.records) {
    put(part.body, r.key);
    put(part.body, static_cast<std::uint64_t>(r.ssn_state), 1);
    put(part.body, r.usable_passes, 1);
    put(part.body, r.mandatory, 1);
    put(part.body, 0, 5);
  }
  for (const encoded::JoinHandle& h : content.handles) {
    put(part.body, h.handle, 8);
    put(part.body, h.record, 4);
  }
  return part;
}

std::string header_text(const encoded::Header& h) {
  return "{\"created\":\"" + h.created + "\",\"epoch\":\"" + h.schema.epoch +
         "\",\"key_check\":\"" + to_hex(h.key_check) + "\",\"owner\":\"" + h.owner +
         "\",\"population\":\"" + std::string(name_of(h.population)) + "\",\"protection\":\"" +
         std::string(name_of(h.protection)) +
         "\",\"schema\":" + json::to_canonical(schema::to_json(h.schema)) +
         ",\"schema_digest\":\"" + to_hex(schema::digest(h.schema)) + "\"}";
}

}  // namespace

Bytes encode_plain(const Content& content) {
  std::vector<Part> parts;
  std::size_t slots = content.passes.size() + 1;
  bool tokens = false;
  for (std::size_t p = 0; p < content.passes.size(); ++p) {
    parts.push_back(entries(p, content.passes[p]));
    tokens = tokens || !content.passes[p].ssn_tokens.empty();
  }
  parts.push_back(join(content));
  if (content.header.schema.ssn) {
    slots += content.passes.size();
    if (tokens || content.handles.empty())
      for (std::size_t p = 0; p < content.passes.size(); ++p) {
        Part part{2, p, 2, content.passes[p].ssn_tokens.size(), {}};
        for (const std::uint16_t t : content.passes[p].ssn_tokens) put(part.body, t, 2);
        parts.push_back(std::move(part));
      }
  }
  const std::string text = header_text(content.header);
  Bytes head(64);
  put(head, as_bytes(text));
  pad(head);
  Bytes directory;
  Bytes bodies;
  for (const Part& part : parts) {
    put(directory, part.kind, 2);
    put(directory, part.pass, 2);
    put(directory, part.stride, 4);
    put(directory, head.size() + slots * 48 + bodies.size(), 8);
    put(directory, part.body.size(), 8);
    put(directory, part.rows, 8);
    put(directory, checksum(part.body));
    put(bodies, part.body);
    pad(bodies);
  }
  directory.resize(slots * 48);
  Bytes fixed{'T', 'E', 'S', 'S', 'E', 'R', 'A', 1};
  put(fixed, 1, 4);
  put(fixed, text.size(), 4);
  put(fixed, head.size() + directory.size() + bodies.size(), 8);
  put(fixed, parts.size(), 4);
  put(fixed, 0, 4);
  put(fixed, checksum(as_bytes(text)));
  put(fixed, checksum(directory));
  std::copy(fixed.begin(), fixed.end(), head.begin());
  put(head, directory);
  put(head, bodies);
  return head;
}

Content content_of(const encoded::File& file) {
  Content out;
  out.header = file.header();
  for (std::size_t p = 0; p < file.passes(); ++p) {
    const encoded::PassView v = file.pass(p);
    encoded::PassColumns& c = out.passes.emplace_back();
    c.tags.assign(v.tags.begin(), v.tags.end());
    c.handles.assign(v.handles.begin(), v.handles.end());
    c.presence.assign(v.presence.begin(), v.presence.end());
    c.bits.assign(v.bits.begin(), v.bits.end());
    c.stride = v.stride;
    c.ssn_tokens.assign(v.ssn_tokens.begin(), v.ssn_tokens.end());
  }
  out.records.assign(file.records().begin(), file.records().end());
  out.handles.assign(file.handles().begin(), file.handles().end());
  return out;
}

Bytes resealed(Bytes file) {
  if (file.size() < 64) return file;
  const std::size_t text = load_le<std::uint32_t>(file.data() + 12);
  const std::size_t count = load_le<std::uint32_t>(file.data() + 24);
  const std::size_t directory = 64 + (text + 7) / 8 * 8;
  if (directory > file.size()) return file;
  auto seal = [&](std::size_t from, std::size_t length, std::size_t to) {
    const Checksum sum = checksum(ByteView(file).subspan(from, length));
    std::copy(sum.begin(), sum.end(), file.begin() + static_cast<std::ptrdiff_t>(to));
  };
  seal(64, text, 32);
  // All slots, used or not: the directory ends where the first section begins.
  if (directory + 48 > file.size()) return file;
  const std::uint64_t end = load_le<std::uint64_t>(file.data() + directory + 8);
  for (std::size_t i = 0; i < count && directory + (i + 1) * 48 <= file.size(); ++i) {
    const std::uint8_t* slot = file.data() + directory + i * 48;
    const std::uint64_t from = load_le<std::uint64_t>(slot + 8);
    const std::uint64_t length = load_le<std::uint64_t>(slot + 16);
    if (from <= file.size() && length <= file.size() - from)
      seal(from, length, directory + i * 48 + 32);
  }
  if (end > directory && end <= file.size()) seal(directory, end - directory, 48);
  return file;
}

}  // namespace tessera::reference
