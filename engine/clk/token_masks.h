// One column's tokens as masks: hashed once, and then remembered as far as memory allows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/clk/hashing.h"
#include "engine/clk/mask_memo.h"

namespace tessera::clk {

// Masks on their way into a filter: by place where a memo keeps them, else ORed at once. Places
// must stay valid until move_to().
class MaskSum {
 public:
  explicit MaskSum(std::size_t words) : rest_(words) {}
  void add(const std::uint64_t* kept) { kept_.push_back(kept); }
  void add_copy(const std::uint64_t* mask);
  // Sets `filter` to their sum and takes them off the list.
  void move_to(std::vector<std::uint64_t>& filter);
  void clear();

 private:
  std::vector<const std::uint64_t*> kept_;
  std::vector<std::uint64_t> rest_;
};

// Not thread safe: one per thread and column. All that is derived from keys is wiped in the end.
class TokenMasks {
 public:
  // `feature` is number `index` of the schema whose keys these are; both must outlive it. A mask
  // has `length` bits.
  TokenMasks(const Feature& feature, const FeatureKeys& keys, std::size_t index,
             std::uint64_t length);
  TokenMasks(TokenMasks&&) = default;
  TokenMasks& operator=(TokenMasks&&) = delete;
  ~TokenMasks();

  // Adds the first k bits of a token. False: it is not of the schema's encoding.
  bool add(std::string_view token, std::uint64_t k, MaskSum& sum);

  // Whether add_grams() takes a value.
  bool takes(std::string_view value) const;
  // Adds the n-grams that tokenize() makes of a value, without a string for each. REQUIRES:
  // takes().
  void add_grams(std::string_view value, MaskSum& sum);

 private:
  bool make(std::string_view token, std::uint64_t k);
  void make_gram(std::string_view gram, std::size_t position, std::uint64_t k);
  std::span<const std::uint32_t> positions(std::string_view token, std::uint64_t k);

  const Feature* feature_;
  ByteView key_;
  std::optional<DoubleHash> double_;  // none: blakeHash
  std::uint64_t length_;
  MaskMemo tokens_;
  ShortMemo grams_;
  std::vector<std::uint64_t> made_;  // by make()
  // Where bits are shared out, a gram is asked for with many k, as values are of many lengths: its
  // positions for the largest yet.
  std::unordered_map<std::string, std::vector<std::uint32_t>> runs_;
  std::size_t in_runs_ = 0;
  std::vector<std::uint32_t> run_;
  std::string token_, padded_;
};

}  // namespace tessera::clk
