// Text that is or holds a secret: read from a file or descriptor, wiped when it goes.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/bytes.h"
#include "engine/core/result.h"

namespace tessera {

// Grows by copying and wiping, so that no copy is left behind. Moving leaves the source empty.
class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(std::string_view text) { append(text); }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  SecretText(SecretText&& other) noexcept;
  SecretText& operator=(SecretText&& other) noexcept;
  ~SecretText();

  void append(std::string_view text);
  std::string_view reveal() const { return {bytes_.data(), bytes_.size()}; }
  ByteView reveal_bytes() const { return as_bytes(reveal()); }
  bool empty() const { return bytes_.empty(); }

 private:
  std::vector<char> bytes_;  // not std::string, whose short form stays behind when moved
};

// The whole of a regular file, pipe or descriptor ("-" is standard input, "/dev/fd/N" works).
// Error `limit` if it holds more than `most` bytes.
Result<SecretText> read_secret(const std::string& path, std::size_t most = 1 << 16);

}  // namespace tessera
