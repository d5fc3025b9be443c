#include "engine/clk/token_masks.h"

#include <algorithm>

#include "engine/clk/filter.h"
#include "engine/core/secret.h"
#include "engine/core/text_encoding.h"

namespace tessera::clk {
namespace {

constexpr std::size_t kBudget = std::size_t{8} << 20;  // bytes of masks, each memo
constexpr std::size_t kMostInRuns = std::size_t{1} << 20;
constexpr std::size_t kLongestGram = 8;       // bytes
constexpr std::size_t kLongestValue = 65536;  // positions and numbers of bits fit a key
constexpr std::uint64_t kMostBits = 65536;
constexpr std::uint64_t kDigest = 32;  // positions that one keyed BLAKE2b gives

void set_bit(std::uint64_t* mask, std::uint64_t position) {
  auto* bytes = reinterpret_cast<std::uint8_t*>(mask);
  bytes[position / 8] = static_cast<std::uint8_t>(bytes[position / 8] | (0x80U >> (position % 8)));
}

template <class T>
void wipe_all(std::vector<T>& numbers) {
  wipe({reinterpret_cast<std::uint8_t*>(numbers.data()), numbers.size() * sizeof(T)});
}

}  // namespace

void MaskSum::add_copy(const std::uint64_t* mask) { merge(rest_.data(), {&mask, 1}, rest_.size()); }

void MaskSum::move_to(std::vector<std::uint64_t>& filter) {
  filter = rest_;
  merge(filter.data(), kept_, filter.size());
  clear();
}

void MaskSum::clear() {
  kept_.clear();
  std::ranges::fill(rest_, 0);
}

TokenMasks::TokenMasks(const Feature& feature, const FeatureKeys& keys, std::size_t index,
                       std::uint64_t length)
    : feature_(&feature),
      key_(keys.key(index, 0)),
      length_(length),
      tokens_((length + 63) / 64, kBudget),
      grams_((length + 63) / 64, kBudget),
      made_((length + 63) / 64) {
  if (feature.hash == Hash::doubled) double_.emplace(key_, keys.key(index, 1));
}

TokenMasks::~TokenMasks() {
  wipe_all(made_);
  wipe_all(run_);
  for (auto& [token, run] : runs_) wipe_all(run);
}

// At least the first k positions of an encoded token.
std::span<const std::uint32_t> TokenMasks::positions(std::string_view token, std::uint64_t k) {
  const bool again = feature_->comparison == Comparison::ngram && !feature_->per_token;
  if (again) {
    const auto known = runs_.find(std::string(token));
    if (known != runs_.end() && known->second.size() >= k) return known->second;
    k = (k + kDigest - 1) / kDigest * kDigest;  // more at little cost
  }
  run_.clear();
  if (double_)
    double_->positions(token, k, length_, feature_->prevent_singularity, run_);
  else
    blake_positions(token, key_, k, length_, run_);
  if (again && in_runs_ + k <= kMostInRuns) {
    in_runs_ += k;
    runs_[std::string(token)] = run_;
  }
  return run_;
}

// The first k bits of a token, in made_.
bool TokenMasks::make(std::string_view token, std::uint64_t k) {
  const auto bytes = encoded(token, feature_->encoding);
  if (!bytes) return false;
  std::ranges::fill(made_, 0);
  for (const std::uint32_t p : positions(*bytes, k).first(k)) set_bit(made_.data(), p);
  return true;
}

bool TokenMasks::add(std::string_view token, std::uint64_t k, MaskSum& sum) {
  if (k == 0)  // sets nothing, and yet must be a token of the encoding
    return feature_->encoding != Encoding::ascii || is_ascii(token);
  token_.assign(token);
  token_.append(reinterpret_cast<const char*>(&k), sizeof k);
  if (const std::uint64_t* known = tokens_.find(token_)) {
    sum.add(known);
    return true;
  }
  if (!make(token, k)) return false;
  // An exact value is its own token: whoever keeps values has it already.
  if (tokens_.full() || feature_->comparison == Comparison::exact)
    sum.add_copy(made_.data());
  else
    sum.add(tokens_.keep(token_, made_.data()));
  return true;
}

bool TokenMasks::takes(std::string_view value) const {
  return feature_->comparison == Comparison::ngram && feature_->n <= kLongestGram &&
         feature_->bits < kMostBits && !value.empty() && value.size() < kLongestValue &&
         is_ascii(value);
}

void TokenMasks::make_gram(std::string_view gram, std::size_t position, std::uint64_t k) {
  token_.clear();
  if (feature_->positional) (token_ += std::to_string(position)) += ' ';
  token_ += gram;
  make(token_, k);  // ASCII: of any encoding
}

void TokenMasks::add_grams(std::string_view value, MaskSum& sum) {
  const Feature& f = *feature_;
  const std::size_t n = f.n;
  const std::size_t count = value.size() + n - 1;
  padded_.assign(n - 1, ' ');
  padded_ += value;
  padded_.append(n - 1, ' ');
  const std::uint64_t each = f.per_token ? f.bits : f.bits / count;
  const std::uint64_t more = f.per_token ? 0 : f.bits % count;
  const std::uint64_t keep = ~std::uint64_t{0} >> (64 - 8 * n);
  std::uint64_t gram = 0;  // its bytes, the last one lowest
  const auto take = [&](std::size_t at) {
    gram = (gram << 8 | static_cast<std::uint8_t>(padded_[at])) & keep;
  };
  for (std::size_t i = 0; i + 1 < n; ++i) take(i);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t k = each + (i < more ? 1U : 0U);
    if (k == 0) return;  // nor have those after it any
    take(i + n - 1);
    const std::size_t position = f.positional ? i + 1 : 0;
    const ShortKey key{gram, std::uint64_t{position} << 32 | k};
    if (const std::uint64_t* known = grams_.find(key)) {
      sum.add(known);
      continue;
    }
    make_gram(std::string_view(padded_).substr(i, n), position, k);
    if (grams_.full())
      sum.add_copy(made_.data());
    else
      sum.add(grams_.keep(key, made_.data()));
  }
}

}  // namespace tessera::clk
