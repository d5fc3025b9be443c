// Any bytes as a key file, by way of a file of mode 0600: what is accepted writes the same file.
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <unistd.h>

#include "engine/core/file.h"
#include "engine/keys/key_file.h"

namespace {

bool put(const std::string& path, const std::uint8_t* data, std::size_t size) {
  const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool ok = ::write(file, data, size) == static_cast<ssize_t>(size);
  return ::close(file) == 0 && ok;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera;
  static const std::string path = "key_file_fuzz." + std::to_string(::getpid());
  if (!put(path, data, size)) std::abort();
  const auto key = keys::read_key(path);
  if (key) {
    if (!keys::write_key(path, *key, {.force = true})) std::abort();
    const auto again = keys::read_key(path);
    if (!again || keys::key_check(*again) != keys::key_check(*key)) std::abort();
  }
  ::unlink(path.c_str());
  return 0;
}
