// What one answer can tell: the capacity of the channel from a secret to an answer.
//
// Sources: mutual information maximised over the secret's prior, so that it holds for whatever the
// asker knew before (Shannon 1948); the iteration of Blahut, "Computation of channel capacity and
// rate-distortion functions" (IEEE Trans. Inf. Theory 18, 1972) and Arimoto (the same volume); the
// bound by resampling trials (Efron 1979, percentiles).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tessera::attack {

// Trials of a channel: in each a secret is what it is, and an answer comes.
class Channel {
 public:
  void add(const std::string& secret, const std::string& answer);
  std::uint64_t trials() const { return trials_; }
  // Bits of the secret that an answer tells, for the prior for which it tells most.
  double bits() const;
  // One-sided 95 % upper bound: percentile over `draws` resamplings of each secret's trials.
  double bits_bound(std::uint64_t seed, int draws = 200) const;

 private:
  using Counts = std::vector<std::vector<std::uint64_t>>;  // [secret][answer]
  static double capacity(const Counts& counts);
  Counts counts() const;
  std::map<std::string, std::size_t> secret_, answer_;
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> seen_;
  std::uint64_t trials_ = 0;
};

}  // namespace tessera::attack
