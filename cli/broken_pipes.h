// Connections that the other side has given up are errors of a write, not the end of this process.
#pragma once

#include <csignal>

namespace tessera::cli {

// While this lives, SIGPIPE is ignored. Otherwise a command ends at the first write that nobody
// reads, as a command in a pipe should.
class IgnoreBrokenPipes {
 public:
  IgnoreBrokenPipes() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  IgnoreBrokenPipes(const IgnoreBrokenPipes&) = delete;
  IgnoreBrokenPipes& operator=(const IgnoreBrokenPipes&) = delete;
  ~IgnoreBrokenPipes() { std::signal(SIGPIPE, before_); }

 private:
  void (*before_)(int);
};

}  // namespace tessera::cli
