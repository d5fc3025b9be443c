#include "tests/encoded/damage.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <utility>

#include "tests/encoded/sample.h"

namespace tessera::samples {
namespace {

using encoded::PassColumns;
using reference::Content;

Content small() { return make(kSmallSchema, 3, 20); }

// Damage to what the file holds; its bones are right.
Bytes with(const std::function<void(Content&)>& change, Content content = small()) {
  change(content);
  return reference::encode_plain(content);
}

// Damage to bytes; checksums are put right afterwards.
Bytes patched(const std::function<void(Bytes&)>& change) {
  Bytes bytes = reference::encode_plain(small());
  change(bytes);
  return reference::resealed(std::move(bytes));
}

// Damage to bytes that the checksums are to notice.
Bytes unsealed(const std::function<void(Bytes&)>& change) {
  Bytes bytes = reference::encode_plain(small());
  change(bytes);
  return bytes;
}

std::size_t directory_of(const Bytes& bytes) {
  return 64 + (load_le<std::uint32_t>(bytes.data() + 12) + 7) / 8 * 8;
}
// Where a number of section `i`'s directory slot stands: 8 offset, 16 length, 24 rows.
std::size_t slot_of(const Bytes& bytes, std::size_t i) { return directory_of(bytes) + i * 48; }
std::size_t section_of(const Bytes& bytes, std::size_t i) {
  return load_le<std::uint64_t>(bytes.data() + slot_of(bytes, i) + 8);
}

// Replaces a text of the header JSON by one as long.
Bytes reworded(std::string_view from, std::string_view to) {
  return patched([&](Bytes& b) {
    const auto at = std::search(b.begin(), b.end(), from.begin(), from.end());
    if (at == b.end() || from.size() != to.size()) std::abort();
    std::copy(to.begin(), to.end(), at);
  });
}

void swap_rows(PassColumns& c, std::size_t a, std::size_t b) {
  std::swap(c.tags[a], c.tags[b]);
  std::swap(c.handles[a], c.handles[b]);
  std::swap(c.presence[a], c.presence[b]);
  std::swap(c.ssn_tokens[a], c.ssn_tokens[b]);
  std::swap_ranges(c.bits.begin() + static_cast<std::ptrdiff_t>(a * c.stride),
                   c.bits.begin() + static_cast<std::ptrdiff_t>((a + 1) * c.stride),
                   c.bits.begin() + static_cast<std::ptrdiff_t>(b * c.stride));
}

void rename_handle(Content& c, encoded::Handle from, encoded::Handle to) {
  for (PassColumns& p : c.passes) std::ranges::replace(p.handles, from, to);
}

// Moves an entry of pass 0 from a record with `from` of them to one with `to`.
void move_entry(Content& c, int from, int to) {
  std::vector<int> counts(c.records.size());
  auto of_pass = [&](const encoded::JoinHandle& h) {
    return std::ranges::find(c.passes[0].handles, h.handle) != c.passes[0].handles.end();
  };
  for (const auto& h : c.handles)
    if (of_pass(h)) ++counts[h.record];
  for (auto& h : c.handles) {
    if (!of_pass(h) || counts[h.record] != from) continue;
    for (std::uint32_t r = 0; r < counts.size(); ++r)
      if (r != h.record && counts[r] == to) {
        h.record = r;
        return;
      }
  }
  std::abort();  // the sample has no such pair of records; choose another seed
}

using Make = std::function<Bytes()>;
struct Recipe {
  const char* name;
  const char* words;
  Make make;
};

const std::vector<Recipe>& bones() {
  static const std::vector<Recipe> list = {
      {"bad-magic", "not a tessera file", [] { return unsealed([](Bytes& b) { b[0] = 't'; }); }},
      {"bad-version", "a version this tessera does not know",
       [] { return unsealed([](Bytes& b) { b[8] = 2; }); }},
      {"bad-reserved", "reserved bytes", [] { return unsealed([](Bytes& b) { b[29] = 1; }); }},
      {"bad-short", "not as long as it says",
       [] { return unsealed([](Bytes& b) { b.resize(b.size() - 8); }); }},
      {"bad-long", "not as long as it says",
       [] { return unsealed([](Bytes& b) { b.resize(b.size() + 8); }); }},
      {"bad-tail", "bytes follow the last section",
       [] {
         return patched([](Bytes& b) {
           b.resize(b.size() + 8);
           store_le<std::uint64_t>(b.data() + 16, b.size());
         });
       }},
      {"bad-header-length", "length of the header JSON",
       [] { return unsealed([](Bytes& b) { b[15] = 0x7f; }); }},
      {"bad-header-checksum", "header: the checksum",
       [] { return unsealed([](Bytes& b) { b[70] ^= 1; }); }},
      {"bad-directory-checksum", "directory: the checksum",
       [] { return unsealed([](Bytes& b) { b[slot_of(b, 0) + 24] ^= 1; }); }},
      {"bad-section-checksum", "join: the checksum",
       [] { return unsealed([](Bytes& b) { b[section_of(b, 2) + 9] ^= 1; }); }},
      {"bad-token-checksum", "ssn tokens of pass dob_last: the checksum",
       [] { return unsealed([](Bytes& b) { b[section_of(b, 3)] ^= 1; }); }},
      {"bad-section-missing", "not the sections that the schema asks for",
       [] { return patched([](Bytes& b) { b[24] = 4; }); }},
      {"bad-section-kind", "another section stands in its place",
       [] { return patched([](Bytes& b) { b[slot_of(b, 0)] = 2; }); }},
      {"bad-section-pass", "another section stands in its place",
       [] { return patched([](Bytes& b) { b[slot_of(b, 1) + 2] = 0; }); }},
      {"bad-stride", "row stride",
       [] { return patched([](Bytes& b) { b[slot_of(b, 0) + 4] = 8; }); }},
      {"bad-overlap", "does not begin where",
       [] { return patched([](Bytes& b) { b[slot_of(b, 1) + 8] ^= 8; }); }},
      {"bad-rows-overflow", "too many rows",
       [] { return patched([](Bytes& b) { b[slot_of(b, 0) + 31] = 0x80; }); }},
      {"bad-section-length", "length does not fit its rows",
       [] { return patched([](Bytes& b) { b[slot_of(b, 0) + 24] ^= 2; }); }},
      {"bad-section-beyond", "ends after the end of the file",
       [] { return patched([](Bytes& b) { b[slot_of(b, 4) + 18] = 1; }); }},
      {"bad-record-count", "too many records",
       [] { return patched([](Bytes& b) { b[section_of(b, 2) + 7] = 0x80; }); }},
      {"bad-section-padding", "its padding is not zero",
       [] { return patched([](Bytes& b) { b.back() = 1; }); }},
      {"bad-unused-slot", "an unused slot is not zero",
       [] {
         Bytes b = with([](Content& c) { c = purged(std::move(c)); });
         b[slot_of(b, 4)] = 1;
         return reference::resealed(std::move(b));
       }},
  };
  return list;
}

const std::vector<Recipe>& headers() {
  static const std::vector<Recipe> list = {
      {"bad-header-json", "not valid JSON", [] { return reworded("\"owner\":", "\"owner\";"); }},
      {"bad-header-order", "not in canonical form",
       [] {
         return reworded("\"created\":\"2026-08-15\",\"epoch\":\"2025-2029\"",
                         "\"epoch\":\"2025-2029\",\"created\":\"2026-08-15\"");
       }},
      {"bad-header-member", "'owner' is not", [] { return reworded("\"owner\":", "\"other\":"); }},
      {"bad-created", "'created'", [] { return reworded("2026-08-15", "2026-02-30"); }},
      {"bad-owner", "'owner'", [] { return reworded("district-7", "district 7"); }},
      {"bad-population", "'population'", [] { return reworded("\"student\"", "\"teacher\""); }},
      {"bad-protection", "'protection'", [] { return reworded("\"trial\"", "\"plain\""); }},
      {"bad-key-check", "'key_check'", [] { return reworded("c0ffee01", "c0ffee0g"); }},
      {"bad-key-check-case", "not in canonical form",
       [] { return reworded("c0ffee01", "C0FFEE01"); }},
      {"bad-epoch", "'epoch'",
       [] { return reworded("\"epoch\":\"2025-2029\",\"key", "\"epoch\":\"2025-2030\",\"key"); }},
      {"bad-schema", "schema",
       [] { return reworded("\"kind\":\"surname\"", "\"kind\":\"surnome\""); }},
      {"bad-schema-digest", "'schema_digest'",
       [] { return reworded("\"name\":\"small\"", "\"name\":\"smell\""); }},
  };
  return list;
}

const std::vector<Recipe>& rows() {
  static const std::vector<Recipe> list = {
      {"bad-weight", "slot 0 (field last) has a weight other than 24 of 64 bits",
       [] { return with([](Content& c) { c.passes[0].bits[0] ^= 1; }); }},
      {"bad-weight-code", "(field dob) has a weight other than 8 of 16 bits",
       [] { return with([](Content& c) { c.passes[1].bits[3] ^= 0x80; }); }},
      {"bad-weight-empty", "has a weight other than",
       [] {
         return with([](Content& c) { std::ranges::fill(c.passes[0].bits, std::uint8_t{0}); });
       }},
      {"bad-row-padding", "bytes between slots are not zero",
       [] { return with([](Content& c) { c.passes[1].bits[15] = 1; }); }},
      {"bad-column-padding", "the padding of a column is not zero",
       [] { return patched([](Bytes& b) { b[section_of(b, 1) + 3 * 26] = 1; }); }},
      {"bad-presence", "presence bit that the schema does not know",
       [] { return with([](Content& c) { c.passes[0].presence[1] |= 8; }); }},
      {"bad-unsorted", "rows are not sorted by tag and handle",
       [] {
         return with([](Content& c) { swap_rows(c.passes[0], 0, c.passes[0].tags.size() - 1); });
       }},
      {"bad-tie", "rows are not sorted by tag and handle",
       [] {
         return with([](Content& c) {
           c.passes[0].tags[1] = c.passes[0].tags[0];
           if (c.passes[0].handles[0] < c.passes[0].handles[1]) swap_rows(c.passes[0], 0, 1);
         });
       }},
      {"bad-handle-unknown", "its handle is not in the join section",
       [] {
         return with([](Content& c) {
           const encoded::Handle h = c.passes[1].handles[0];
           rename_handle(c, h, h ^ 1);
         });
       }},
      {"bad-handle-twice", "its handle occurs twice in the file",
       [] { return with([](Content& c) { c.passes[1].handles[0] = c.passes[0].handles[0]; }); }},
      {"bad-handle-extra", "a handle that no entry has",
       [] {
         return with([](Content& c) {
           c.handles.push_back(c.handles.back());
           ++c.handles.back().handle;
         });
       }},
      {"bad-least", "fewer entries than the schema's least",
       [] { return with([](Content& c) { move_entry(c, 1, 1); }); }},
      {"bad-most", "more entries than the schema's most",
       [] { return with([](Content& c) { move_entry(c, 2, 2); }, make(kSmallSchema, 8, 22)); }},
  };
  return list;
}

const std::vector<Recipe>& joins() {
  static const std::vector<Recipe> list = {
      {"bad-record-order", "record keys are not sorted and unique",
       [] { return with([](Content& c) { std::swap(c.records[0], c.records[1]); }); }},
      {"bad-record-twice", "record keys are not sorted and unique",
       [] { return with([](Content& c) { c.records[1].key = c.records[0].key; }); }},
      {"bad-ssn-state", "ssn state is not one",
       [] {
         return with(
             [](Content& c) { c.records[0].ssn_state = static_cast<encoded::SsnState>(6); });
       }},
      {"bad-ssn-state-zero", "ssn state is not one",
       [] {
         return with(
             [](Content& c) { c.records[2].ssn_state = static_cast<encoded::SsnState>(0); });
       }},
      {"bad-ssn-unasked", "an ssn where the schema has none",
       [] {
         return with([](Content& c) { c.records[0].ssn_state = encoded::SsnState::provided; },
                     make(kWideSchema, 2, 23));
       }},
      {"bad-usable", "more usable passes than the schema has",
       [] { return with([](Content& c) { c.records[0].usable_passes = 3; }); }},
      {"bad-mandatory", "neither 0 nor 1",
       [] { return with([](Content& c) { c.records[0].mandatory = 2; }); }},
      {"bad-mandatory-claim", "yet marked as having those",
       [] {
         return with([](Content& c) {
           c.records[0].usable_passes = 0;
           c.records[0].mandatory = 1;
         });
       }},
      {"bad-mandatory-lack", "yet marked as lacking",
       [] {
         return with([](Content& c) {
           c.records[0].usable_passes = 2;
           c.records[0].mandatory = 0;
         });
       }},
      {"bad-record-reserved", "reserved bytes of a record",
       [] { return patched([](Bytes& b) { b[section_of(b, 2) + 8 + 23] = 1; }); }},
      {"bad-handle-order", "handles are not sorted and unique",
       [] { return with([](Content& c) { std::swap(c.handles[0], c.handles[1]); }); }},
      {"bad-record-number", "its record number is out of range",
       [] { return with([](Content& c) { c.handles[0].record = 3; }); }},
  };
  return list;
}

}  // namespace

std::vector<Specimen> good_specimens() {
  Content oprf = make(kWideSchema, 20, 21);
  oprf.header.protection = encoded::Protection::oprf;
  oprf.header.population = encoded::Population::college;
  oprf.header.owner = "College_of.the-North";
  Content decoys = small();
  decoys.header.decoys = true;
  return {{"good-small", "", reference::encode_plain(small())},
          {"good-decoys", "", reference::encode_plain(decoys)},
          {"good-purged", "", reference::encode_plain(purged(small()))},
          {"good-empty", "", reference::encode_plain(make(kSmallSchema, 0, 1))},
          {"good-wide", "", reference::encode_plain(oprf)}};
}

std::vector<Specimen> bad_specimens() {
  std::vector<Specimen> out;
  for (const auto* list : {&bones(), &headers(), &rows(), &joins()})
    for (const Recipe& r : *list) out.push_back({r.name, r.words, r.make()});
  return out;
}

}  // namespace tessera::samples
