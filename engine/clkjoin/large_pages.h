// Zeroed memory that is met at random, in large pages where the system has some to give: fewer page
// faults and fewer address look-ups. The system hands it out zeroed, so nobody writes it before its
// use. Nothing depends on the size of the pages.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <cstdint>
#include <sys/mman.h>
#endif

namespace tessera::clkjoin {

// A fixed number of elements, all of zero bytes at first. Owns them. Throws std::bad_alloc.
template <class T>
class LargeArray {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  static constexpr std::size_t kPage = std::size_t{2} << 20;

  LargeArray() = default;
  explicit LargeArray(std::size_t n) : at_(static_cast<T*>(take(bytes(n)))), size_(n) {}
  LargeArray(LargeArray&& o) noexcept
      : at_(std::exchange(o.at_, nullptr)), size_(std::exchange(o.size_, 0)) {}
  LargeArray& operator=(LargeArray&& o) noexcept {
    std::swap(at_, o.at_);
    std::swap(size_, o.size_);
    return *this;
  }
  ~LargeArray() { give_back(at_, bytes(size_)); }

  std::size_t size() const { return size_; }
  const T* data() const { return at_; }
  T& operator[](std::size_t i) { return at_[i]; }
  const T& operator[](std::size_t i) const { return at_[i]; }

  // From a quarter of a page up whole pages, so that the last one can be large too.
  static std::size_t bytes(std::size_t n) {
    if (n > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_array_new_length();
    const std::size_t size = n * sizeof(T);
    return size < kPage / 4 ? size : (size + kPage - 1) / kPage * kPage;
  }

 private:
  static constexpr std::align_val_t kLine{64};  // an array of cache lines begins with one
  static constexpr bool kMapped =
#if defined(__linux__)
      true;
#else
      false;
#endif

  static void* take(std::size_t size) {
    if (!kMapped || size < kPage) return std::memset(::operator new(size, kLine), 0, size);
#if defined(__linux__)
    // A page more than is needed has a place in it where whole pages begin.
    void* got =
        ::mmap(nullptr, size + kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (got == MAP_FAILED) throw std::bad_alloc();
    auto* from = static_cast<std::byte*>(got);
    const std::size_t ahead = (kPage - reinterpret_cast<std::uintptr_t>(got) % kPage) % kPage;
    if (ahead != 0) ::munmap(from, ahead);
    ::munmap(from + ahead + size, kPage - ahead);
    ::madvise(from + ahead, size, MADV_HUGEPAGE);
    return from + ahead;
#endif
  }
  static void give_back(void* at, std::size_t size) {
    if (!kMapped || size < kPage) return ::operator delete(at, kLine);
#if defined(__linux__)
    ::munmap(at, size);
#endif
  }

  T* at_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace tessera::clkjoin
