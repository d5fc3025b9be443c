#include "engine/core/shred.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/core/bytes.h"

namespace tessera {
namespace {

// An open descriptor, closed when it goes.
struct Descriptor {
  int number = -1;
  ~Descriptor() {
    if (number >= 0) close(number);
  }
};

Error failed(const std::string& path) {
  return {ErrorCode::io, std::string("cannot overwrite: ") + std::strerror(errno), path};
}

Result<void> overwrite(int file, std::size_t size, Random& random, const std::string& path) {
  Bytes noise(std::size_t{1} << 16);
  for (std::size_t done = 0; done < size;) {
    const std::size_t most = std::min(noise.size(), size - done);
    random.fill(std::span(noise).first(most));
    const ssize_t n = pwrite(file, noise.data(), most, static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return failed(path);
    done += static_cast<std::size_t>(n);
  }
  if (fsync(file) != 0) return failed(path);
  return {};
}

}  // namespace

Result<void> shred_file(const std::string& path, Random& random) {
  const Descriptor file{open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC)};
  struct stat info {};
  if (file.number < 0 && errno != ELOOP)
    return Error{ErrorCode::io, std::string("cannot open: ") + std::strerror(errno), path};
  if (file.number < 0 || fstat(file.number, &info) != 0 || !S_ISREG(info.st_mode) ||
      info.st_nlink != 1)
    return Error{ErrorCode::usage,
                 "is a link, or has another name too, or is no regular file: destroy the file "
                 "itself, once it has one name",
                 path};
  TESSERA_CHECK(overwrite(file.number, static_cast<std::size_t>(info.st_size), random, path));
  if (unlink(path.c_str()) != 0)
    return Error{ErrorCode::io, std::string("cannot remove: ") + std::strerror(errno), path};
  return {};
}

}  // namespace tessera
