#include "cli/say.h"

#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>
#include <unistd.h>

#include <fmt/format.h>

namespace tessera::cli {
namespace {

using Clock = std::chrono::steady_clock;

class Bar final : public Progress {
 public:
  ~Bar() override { clear(); }
  void begin(std::string_view stage, std::uint64_t total, std::string_view unit) override {
    const std::lock_guard lock(mutex_);
    stage_ = stage;
    unit_ = unit;
    total_ = total;
    done_ = 0;
    started_ = drawn_ = Clock::now();
    draw();
  }
  void advance(std::uint64_t steps) override {
    const std::uint64_t done = done_ += steps;
    if (!mutex_.try_lock()) return;  // somebody else is drawing
    const std::lock_guard lock(mutex_, std::adopt_lock);
    if (Clock::now() - drawn_ < std::chrono::milliseconds(100) && done != total_) return;
    drawn_ = Clock::now();
    draw();
  }

 private:
  void draw() {
    const std::uint64_t done = done_;
    const double seconds = std::chrono::duration<double>(Clock::now() - started_).count();
    std::string line = fmt::format("{}: {} {}", stage_, done, unit_);
    if (total_ > 0) {
      constexpr std::uint64_t kWidth = 24;
      const std::uint64_t filled = std::min(kWidth, done * kWidth / total_);
      line = fmt::format("{} [{}{}] {:3}%", stage_, std::string(filled, '#'),
                         std::string(kWidth - filled, ' '),
                         std::min<std::uint64_t>(100, done * 100 / total_));
      if (seconds > 1 && done > 0 && done < total_)
        line +=
            fmt::format("  {:.0f} {}/s, {:.0f} s left", static_cast<double>(done) / seconds, unit_,
                        seconds * static_cast<double>(total_ - done) / static_cast<double>(done));
    }
    fmt::print(stderr, "\r\033[K{}", line);
    std::fflush(stderr);
  }
  static void clear() {
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
  }

  std::mutex mutex_;
  std::string stage_;
  std::string unit_;
  std::uint64_t total_ = 0;
  std::atomic<std::uint64_t> done_{0};
  Clock::time_point started_;
  Clock::time_point drawn_;
};

// What standard error does not take is lost, and stops nobody: fmt::print would throw.
void tell(std::string_view what) { std::fputs(fmt::format("tessera: {}\n", what).c_str(), stderr); }

}  // namespace

void say_error(const Error& error) {
  tell(error.where.empty() ? fmt::format("error: {}", error.what)
                           : fmt::format("error: {}: {}", error.where, error.what));
}
void say_hint(std::string_view hint) { tell(fmt::format("hint: {}", hint)); }
void say_warning(std::string_view text) { tell(fmt::format("warning: {}", text)); }
void say_note(std::string_view text) { tell(text); }

std::unique_ptr<Progress> progress_bar() {
  if (isatty(STDERR_FILENO) == 1) return std::make_unique<Bar>();
  return std::make_unique<Silent>();
}

}  // namespace tessera::cli
