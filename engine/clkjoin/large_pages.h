// Memory that is met at random, in large pages where the system has some to give: fewer page faults
// and fewer address look-ups. Nothing depends on it.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace tessera::clkjoin {

template <class T>
struct LargePages {
  using value_type = T;
  static constexpr std::size_t kPage = std::size_t{2} << 20;

  LargePages() = default;
  template <class U>
  LargePages(const LargePages<U>&) {}  // NOLINT(google-explicit-constructor): allocators convert
  bool operator==(const LargePages&) const = default;

  // From half a page up whole pages, so that the last one can be large too.
  static std::size_t bytes(std::size_t n) {
    const std::size_t size = n * sizeof(T);
    return size < kPage / 2 ? size : (size + kPage - 1) / kPage * kPage;
  }
  static std::align_val_t alignment(std::size_t n) {
    return std::align_val_t{bytes(n) < kPage ? alignof(T) : kPage};
  }
  T* allocate(std::size_t n) {
    if (n > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_array_new_length();
    void* at = ::operator new(bytes(n), alignment(n));
#if defined(__linux__)
    if (bytes(n) >= kPage) ::madvise(at, bytes(n), MADV_HUGEPAGE);
#endif
    return static_cast<T*>(at);
  }
  void deallocate(T* at, std::size_t n) { ::operator delete(at, alignment(n)); }
};

template <class T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace tessera::clkjoin
