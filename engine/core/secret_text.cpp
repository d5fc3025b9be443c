// Growing wipes the old place; reading goes through one buffer that is wiped too.
#include "engine/core/secret_text.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "engine/core/secret.h"

namespace tessera {
namespace {

void wipe_chars(std::vector<char>& bytes) {
  wipe({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  bytes.clear();
}

}  // namespace

SecretText::SecretText(SecretText&& other) noexcept : bytes_(std::move(other.bytes_)) {
  other.bytes_.clear();
}

SecretText& SecretText::operator=(SecretText&& other) noexcept {
  if (this == &other) return *this;
  wipe_chars(bytes_);
  bytes_ = std::move(other.bytes_);
  other.bytes_.clear();
  return *this;
}

SecretText::~SecretText() { wipe_chars(bytes_); }

void SecretText::append(std::string_view text) {
  const std::size_t size = bytes_.size() + text.size();
  if (size > bytes_.capacity()) {
    std::vector<char> grown;
    grown.reserve(std::max<std::size_t>(size, 2 * bytes_.capacity()));
    grown.assign(bytes_.begin(), bytes_.end());
    wipe_chars(bytes_);
    bytes_ = std::move(grown);
  }
  bytes_.insert(bytes_.end(), text.begin(), text.end());
}

Result<SecretText> read_secret(const std::string& path, std::size_t most) {
  const bool standard_input = path == "-";
  const int fd = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return Error{ErrorCode::io, fmt::format("cannot open: {}", std::strerror(errno)), path};
  Bytes buffer(most + 1);
  std::size_t size = 0;
  int failed = 0;
  while (size < buffer.size()) {
    const ssize_t n = ::read(fd, buffer.data() + size, buffer.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) failed = errno;
    if (n <= 0) break;
    size += static_cast<std::size_t>(n);
  }
  if (!standard_input) ::close(fd);
  SecretText out(as_text(ByteView(buffer).first(std::min(size, most))));
  wipe(buffer);
  if (failed != 0)
    return Error{ErrorCode::io, fmt::format("cannot read: {}", std::strerror(failed)), path};
  if (size > most) return Error{ErrorCode::limit, fmt::format("larger than {} bytes", most), path};
  return out;
}

}  // namespace tessera
