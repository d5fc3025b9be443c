// The block keys of a record: for each pass, the values that decide whom it is compared with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::encode {

// Which of a record's given names and surnames an entry shows (0 = the current one).
struct NameChoice {
  std::uint8_t given = 0;
  std::uint8_t surname = 0;
  bool operator==(const NameChoice&) const = default;
};

struct BlockKey {
  std::string value;  // length-prefixed parts; equal values meet in a block
  NameChoice shows;
  std::size_t rank = 0;     // 0 = the most telling
  std::uint64_t share = 0;  // of the people who hold its pair of names: schema/adaptive.h
};

// Keys whose texts keep their memory from one record to the next.
class KeyList {
 public:
  void clear() { size_ = 0; }
  BlockKey& add();  // an empty one; holds until the next add()
  void keep(std::size_t n) { size_ = n; }
  std::size_t size() const { return size_; }
  std::span<BlockKey> all() { return {keys_.data(), size_}; }
  std::span<const BlockKey> all() const { return {keys_.data(), size_}; }
  bool has(std::string_view value) const;
  void swap(KeyList& other) noexcept;

 private:
  std::vector<BlockKey> keys_;  // those from size_ on are kept for their memory
  std::size_t size_ = 0;
};

// Reads the keys of one record after another. Passes share what they need in common, and nothing is
// allocated once the longest record has been seen. Not thread safe: one per thread.
class KeyReader {
 public:
  // Keys of all passes, cut down to schema.tags_in_all: the least telling key of the pass with the
  // most goes first. `schema` must outlive it.
  explicit KeyReader(const schema::Schema& schema);
  // Keys of `passes` alone, all of them. Both must outlive it.
  KeyReader(const schema::Schema& schema, std::span<const schema::Pass> passes);

  // Reads a record, in place of the one before.
  void read(const record::Fields& fields);
  // The record's keys in a pass, the most telling first (current before former names, whole names
  // before parts), each value once, at most pass.most. Empty: something the key needs is missing.
  // Holds until the next read().
  std::span<const BlockKey> of(std::size_t pass) const { return keys_[pass].all(); }

 private:
  // Codes of one name field, for all parts of keys that use them.
  struct NameCodes {
    schema::Part part;
    std::size_t field;
    KeyList list;
  };
  // A part that one or more passes have in their key.
  struct Ingredient {
    const schema::KeyPart* part;
    bool beside_both_names;          // stands in keys that hold given name and surname
    std::vector<std::size_t> names;  // of names_
    KeyList list;
  };

  KeyReader(const schema::Schema& schema, std::span<const schema::Pass> passes, std::size_t most);
  std::size_t ingredient(const schema::KeyPart& part, bool beside_both_names);
  std::size_t name_codes(schema::Part part, std::size_t field);
  void read_names(NameCodes& codes, const record::Fields& fields) const;
  void read_part(Ingredient& made, const record::Fields& fields) const;
  void read_pairs(const Ingredient& made, KeyList& out) const;
  void cross(std::size_t pass);
  void lengthen(std::size_t pass);
  void cap();

  const schema::Schema& schema_;
  std::span<const schema::Pass> passes_;
  std::size_t most_;  // keys of a record
  std::vector<NameCodes> names_;
  std::vector<Ingredient> ingredients_;
  struct Recipe {
    std::vector<std::size_t> parts;    // of ingredients_
    std::optional<std::size_t> added;  // to adaptive keys of common names
  };
  std::vector<Recipe> recipes_;  // per pass
  std::vector<KeyList> keys_;    // per pass
  KeyList crossed_;
};

// The keys of one record in one pass, before the cap over all passes. Thread safe.
std::vector<BlockKey> block_keys(const schema::Schema& schema, const schema::Pass& pass,
                                 const record::Fields& fields);

}  // namespace tessera::encode
