// Requests over HTTPS: again after a failure, later and later; what was answered is kept in a file
// until all is done.
#pragma once

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/keyclient/by_file.h"

namespace tessera::keyclient {

struct Reach {
  std::vector<std::string> urls;  // https://HOST[:PORT], in the order of the schema's services
  std::string authorities;        // PEM file of whom to trust; empty: the system's
  unsigned tries = 6;             // of a request, before giving up
  std::chrono::milliseconds pause{500};  // after the first failure; doubles, at most a minute
};

// Answers as they come, appended to a file of mode 0600: blinded elements, of use to nobody without
// the owner's secret.
class KeptAnswers {
 public:
  // Takes up the file at `path` if it is there, else begins it with `session`. Error `format` if it
  // is something else, `io` if it cannot be written.
  static Result<KeptAnswers> open(const std::string& path, const oprf::Session& fresh);
  const oprf::Session& session() const { return session_; }
  const AnswerStore& answers() const { return answers_; }
  Result<void> append(ByteView answer);
  // All is done: the file goes.
  void remove();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  oprf::Session session_{};
  AnswerStore answers_;
  std::unique_ptr<std::FILE, Close> file_;
};

// Not thread safe.
class OnlineMessenger final : public Messenger {
 public:
  // `wait` sleeps; tests pass one that does not. `asker` and `kept` must outlive it. Error `usage`
  // for a URL that is none, or not https.
  static Result<std::unique_ptr<OnlineMessenger>> make(
      const Asker& asker, KeptAnswers& kept, const Reach& reach,
      std::function<void(std::chrono::milliseconds)> wait);
  ~OnlineMessenger() override;
  Result<std::optional<Bytes>> ask(std::size_t service, const Sha256& batch,
                                   const oprf::Request& request) override;

 private:
  OnlineMessenger();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera::keyclient
