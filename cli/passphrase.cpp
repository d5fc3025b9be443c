// A terminal is asked with its echo off, and set back whatever happens.
#include "cli/passphrase.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <fmt/format.h>

#include "engine/core/secret.h"

namespace tessera::cli {
namespace {

// The terminal, silent while this lives.
class Terminal {
 public:
  Terminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  ~Terminal() {
    if (silent_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    if (fd_ >= 0) ::close(fd_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  bool usable() const { return silent_; }

  SecretText ask(const std::string& prompt) {
    say(prompt);
    SecretText out;
    char c = 0;
    while (::read(fd_, &c, 1) == 1 && c != '\n') out.append({&c, 1});
    wipe({reinterpret_cast<std::uint8_t*>(&c), 1});
    say("\n");
    return out;
  }

 private:
  void say(const std::string& text) {
    if (::write(fd_, text.data(), text.size()) < 0) return;  // the answer will be empty then
  }
  int fd_;
  bool silent_ = false;
  termios before_{};
};

Result<SecretText> first_line(const std::string& path) {
  TESSERA_TRY(const SecretText text, read_secret(path, 4096));
  const std::string_view all = text.reveal();
  std::string_view line = all.substr(0, all.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return Error{ErrorCode::usage, "holds no passphrase in its first line", path};
  return SecretText(line);
}

Error no_terminal() {
  return {ErrorCode::usage, "no terminal to ask for a passphrase; give --passphrase-file", ""};
}

}  // namespace

void PassphraseOption::add_to(CLI::App& verb) {
  verb.add_option("--passphrase-file", file_,
                  "file (or /dev/fd/N) whose first line opens locked keys; else the terminal asks");
}

seal::AskPassphrase PassphraseOption::ask() const {
  return [file = file_](const std::string& path) -> Result<SecretText> {
    if (!file.empty()) return first_line(file);
    Terminal terminal;
    if (!terminal.usable()) return no_terminal();
    return terminal.ask(fmt::format("passphrase of {}: ", path));
  };
}

Result<SecretText> PassphraseOption::choose() const {
  if (!file_.empty()) return first_line(file_);
  Terminal terminal;
  if (!terminal.usable()) return no_terminal();
  SecretText first = terminal.ask("new passphrase: ");
  const SecretText again = terminal.ask("once more: ");
  if (first.empty()) return Error{ErrorCode::usage, "an empty passphrase locks nothing", ""};
  if (!equal_constant_time(first.reveal_bytes(), again.reveal_bytes()))
    return Error{ErrorCode::usage, "the two are not the same; nothing was written", ""};
  return first;
}

}  // namespace tessera::cli
