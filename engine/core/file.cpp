#include "engine/core/file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace tessera {
namespace {

Error io_error(std::string_view doing, const std::string& path) {
  return {ErrorCode::io, fmt::format("{}: {}", doing, std::strerror(errno)), path};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  const bool standard_input = path == "-";
  const int fd = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return io_error("cannot open", path);
  std::string out;
  struct stat st {};
  if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) out.reserve(static_cast<std::size_t>(st.st_size));
  Result<std::string> result = Error{ErrorCode::io, "", path};
  for (;;) {
    constexpr std::size_t kChunk = 1 << 20;
    const std::size_t at = out.size();
    out.resize(at + kChunk);
    const ssize_t n = ::read(fd, out.data() + at, kChunk);
    out.resize(at + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      result = io_error("cannot read", path);
      break;
    }
    if (out.size() > limit) {
      result = Error{ErrorCode::limit, fmt::format("larger than {} bytes", limit), path};
      break;
    }
    if (n == 0) {
      result = std::move(out);
      break;
    }
  }
  if (!standard_input) ::close(fd);
  return result;
}

Result<MappedFile> MappedFile::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return io_error("cannot open", path);
  struct stat st {};
  if (fstat(fd, &st) != 0) {
    Error e = io_error("cannot read", path);
    ::close(fd);
    return e;
  }
  if (!S_ISREG(st.st_mode)) {
    ::close(fd);
    return Error{ErrorCode::io, "not a regular file", path};
  }
  MappedFile file;
  file.size_ = static_cast<std::size_t>(st.st_size);
  if (file.size_ > 0) {
    void* p = mmap(nullptr, file.size_, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED) {
      Error e = io_error("cannot map", path);
      ::close(fd);
      return e;
    }
    file.data_ = static_cast<const std::uint8_t*>(p);
  }
  ::close(fd);
  return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}
MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(const_cast<std::uint8_t*>(data_), size_);
}
void MappedFile::release(std::size_t offset, std::size_t size) const {
  const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t begin = (offset + page - 1) / page * page;
  const std::size_t end = (offset + size) / page * page;
  if (data_ != nullptr && end > begin)
    madvise(const_cast<std::uint8_t*>(data_) + begin, end - begin, MADV_DONTNEED);
}

namespace {

// Tries names beside `path` until one is not taken; `use(name)` fails with EEXIST where it is.
template <class Use>
bool find_name_beside(const std::string& path, std::string& name, const Use& use) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::uint32_t suffix = 0;
    if (getrandom(&suffix, sizeof suffix, 0) != sizeof suffix) return false;
    std::string candidate = fmt::format("{}.part-{:08x}", path, suffix);
    const bool used = use(candidate);
    if (used) name = std::move(candidate);
    if (used || errno != EEXIST) return used;
  }
  return false;
}

// Creates a new file beside `path` with the mode asked for, less what the user's mask takes
// (mkstemp would ignore the mask of a user who shares nothing). -1 and errno on failure.
int create_beside(const std::string& path, unsigned mode, std::string& name) {
  int fd = -1;
  find_name_beside(path, name, [&](const std::string& candidate) {
    fd = ::open(candidate.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    return fd >= 0;
  });
  return fd;
}

// A file in the folder of `path` that has no name yet, so that whatever ends the program, a kill or
// a fall of power, leaves nothing of it. -1 where the file system has no such files.
int create_nameless(const std::string& path, unsigned mode) {
#ifdef O_TMPFILE
  if (::access("/proc/self/fd", X_OK) != 0) return -1;  // it is named through there
  return ::open(folder_of(path).c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, mode);
#else
  return -1;
#endif
}

// Gives it a name. Fails with EEXIST if the name is taken.
bool give_name(int fd, const std::string& name) {
  const std::string self = fmt::format("/proc/self/fd/{}", fd);
  return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

// Gives it a name nobody has, beside `path`.
bool give_name_beside(int fd, const std::string& path, std::string& name) {
  return find_name_beside(path, name,
                          [&](const std::string& candidate) { return give_name(fd, candidate); });
}

}  // namespace

struct AtomicFile::State {
  std::string path;
  std::string beside;  // the temporary name, once there is one
  Options options;
  std::FILE* file = nullptr;
  std::uint64_t size = 0;
  int failed = 0;  // errno of the first failed write

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (file != nullptr && file != stdout) std::fclose(file);
    if (!beside.empty()) ::unlink(beside.c_str());
  }
};

Result<AtomicFile> AtomicFile::create(const std::string& path, Options options) {
  AtomicFile out;
  out.state_ = std::make_unique<State>();
  State& s = *out.state_;
  s.path = path;
  s.options = options;
  if (path == "-") {
    s.file = stdout;
    return out;
  }
  if (!options.force && file_exists(path))
    return Error{ErrorCode::usage, "already exists; give --force to replace it", path};
  // Renaming over a device would replace it for everybody.
  struct stat st {};
  if (stat(path.c_str(), &st) == 0 && !S_ISREG(st.st_mode))
    return Error{ErrorCode::usage, "not a regular file; '-' writes to standard output", path};
  int fd = options.nameless ? create_nameless(path, options.mode) : -1;
  if (fd < 0) fd = create_beside(path, options.mode, s.beside);
  if (fd < 0) return io_error("cannot create", path);
  if ((s.file = fdopen(fd, "wb")) == nullptr) {
    Error e = io_error("cannot create", path);
    ::close(fd);
    return e;
  }
  // Gathers small pieces; whatever is larger passes it by, and is not copied once more.
  std::setvbuf(s.file, nullptr, _IOFBF, 1 << 16);
  return out;
}

AtomicFile::AtomicFile(AtomicFile&&) noexcept = default;
AtomicFile& AtomicFile::operator=(AtomicFile&&) noexcept = default;
AtomicFile::~AtomicFile() = default;

void AtomicFile::write(ByteView bytes) {
  State& s = *state_;
  if (s.failed != 0 || bytes.empty()) return;
  if (std::fwrite(bytes.data(), 1, bytes.size(), s.file) != bytes.size())
    s.failed = errno != 0 ? errno : EIO;
  s.size += bytes.size();
}

void AtomicFile::write_at(std::uint64_t offset, ByteView bytes) {
  State& s = *state_;
  if (s.failed != 0) return;
  const bool ok = std::fseek(s.file, static_cast<long>(offset), SEEK_SET) == 0 &&
                  std::fwrite(bytes.data(), 1, bytes.size(), s.file) == bytes.size() &&
                  std::fseek(s.file, 0, SEEK_END) == 0;
  if (!ok) s.failed = errno != 0 ? errno : EIO;
}

std::uint64_t AtomicFile::size() const { return state_->size; }

Result<void> AtomicFile::commit() {
  State& s = *state_;
  if (s.failed == 0 && std::fflush(s.file) != 0) s.failed = errno;
  if (s.file == stdout) {
    if (s.failed != 0) errno = s.failed;
    if (s.failed != 0) return io_error("cannot write", "standard output");
    return {};
  }
  if (s.failed == 0 && fsync(fileno(s.file)) != 0) s.failed = errno;
  if (s.failed != 0) {
    errno = s.failed;
    return io_error("cannot write", s.path);
  }
  if (s.options.before_name) TESSERA_CHECK(s.options.before_name());
  // Without force it takes its name only if nobody has it, which rename() would not ask.
  const int fd = fileno(s.file);
  const bool nameless = s.beside.empty();
  bool named = true;
  if (s.options.force) {
    named = !nameless || give_name_beside(fd, s.path, s.beside);
    named = named && std::rename(s.beside.c_str(), s.path.c_str()) == 0;
    if (named) s.beside.clear();
  } else {
    named = nameless ? give_name(fd, s.path) : ::link(s.beside.c_str(), s.path.c_str()) == 0;
    if (!named && errno == EEXIST)
      return Error{ErrorCode::usage, "already exists; give --force to replace it", s.path};
  }
  if (!named) return io_error("cannot write", s.path);
  if (std::fclose(std::exchange(s.file, nullptr)) != 0) return io_error("cannot write", s.path);
  const int folder = ::open(folder_of(s.path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    fsync(folder);
    ::close(folder);
  }
  return {};
}

Result<void> write_file(const std::string& path, std::string_view text,
                        AtomicFile::Options options) {
  TESSERA_TRY(AtomicFile file, AtomicFile::create(path, options));
  file.write(text);
  return file.commit();
}

std::optional<FileIdentity> file_identity(const std::string& path) {
  struct stat st {};
  if (stat(path.c_str(), &st) != 0) return std::nullopt;
  return FileIdentity{st.st_dev, st.st_ino};
}

bool same_file(const std::string& a, const std::string& b) {
  const std::optional<FileIdentity> one = file_identity(a);
  return one && one == file_identity(b);
}

bool file_exists(const std::string& path) {
  struct stat st {};
  return lstat(path.c_str(), &st) == 0;
}

Result<void> require_private(const std::string& path) {
  struct stat st {};
  if (stat(path.c_str(), &st) != 0) return io_error("cannot open", path);
  if (S_ISREG(st.st_mode) && (st.st_mode & 077) != 0)
    return Error{ErrorCode::crypto, "others may read this key file; run 'chmod 600' on it", path};
  return {};
}

}  // namespace tessera
