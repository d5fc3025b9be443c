// The pseudo-random function behind every bit of an entry: AES-256 over 16-byte blocks.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace tessera::encode {

// AES-256 in ECB over distinct blocks is a PRP, hence (far below 2^64 blocks per key) a PRF.
// A key serves one entry: at most a few hundred blocks. Not thread safe.
class Prf {
 public:
  Prf();
  ~Prf();
  Prf(const Prf&) = delete;
  Prf& operator=(const Prf&) = delete;
  void rekey(std::span<const std::uint8_t, 32> key);
  // REQUIRES: in.size() == out.size(), a multiple of 16.
  void operator()(std::span<const std::uint8_t> in, std::span<std::uint8_t> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera::encode
