// Requests and answers by file: for sites whose encoder has no network, and for going on after an
// exchange broke off.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/keyclient/exchange.h"

namespace tessera::keyclient {

// Answers by the batch they answer.
class AnswerStore {
 public:
  // Takes a bundle's answers in; error `format` if one cannot be read.
  Result<void> add(const oprf::Bundle& bundle);
  const Bytes* find(const Sha256& batch) const;
  std::size_t size() const { return answers_.size(); }

 private:
  std::map<Sha256, Bytes> answers_;
};

// Gives the answers it has, and collects signed requests for those it has not.
class FileMessenger final : public Messenger {
 public:
  // Both must outlive it.
  FileMessenger(const Asker& asker, const AnswerStore& answers)
      : asker_(asker), answers_(answers) {}
  Result<std::optional<Bytes>> ask(std::size_t service, const Sha256& batch,
                                   const oprf::Request& request) override;
  // By service. Only one of them has any: the first whose answers are not there.
  const std::map<std::size_t, std::vector<Bytes>>& requests() const { return requests_; }

 private:
  const Asker& asker_;
  const AnswerStore& answers_;
  std::map<std::size_t, std::vector<Bytes>> requests_;
};

}  // namespace tessera::keyclient
