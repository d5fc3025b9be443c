// Two batches at a time: one is away while the other is blinded or unblinded. Blinds are wiped with
// their batch.
#include "engine/keyclient/exchange.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "engine/core/parallel.h"
#include "engine/keys/hmac.h"
#include "engine/oprf/client.h"

namespace tessera::keyclient {
namespace {

using oprf::Element;
using oprf::Scalar;

constexpr std::size_t kGrain = 256;

void append_sized(Bytes& out, ByteView bytes) {
  append_le<std::uint32_t>(out, static_cast<std::uint32_t>(bytes.size()));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// 64 bytes that only this owner can make, for one text in one session.
std::array<std::uint8_t, 64> drawn(keys::Expander& secret, std::string_view label,
                                   const oprf::Session& session, std::string_view key,
                                   ByteView text) {
  Bytes info;
  append_sized(info, as_bytes(label));
  append_sized(info, session);
  append_sized(info, as_bytes(key));
  append_sized(info, text);
  auto out = secret(info);
  wipe(info);
  return out;
}

// The order in which a question's texts are sent: one that says nothing about them, and always the
// same in a session.
std::vector<std::uint32_t> order_of(const Question& q, const keys::Expander& secret,
                                    const oprf::Session& session) {
  std::vector<std::uint64_t> rank(q.texts.size());
  parallel_for(rank.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    keys::Expander mine = secret.clone();
    for (std::size_t i = begin; i < end; ++i)
      rank[i] = load_le<std::uint64_t>(
          drawn(mine, "tessera key order 1", session, q.key, q.texts[i]).data());
  });
  std::vector<std::uint32_t> out(q.texts.size());
  std::iota(out.begin(), out.end(), 0U);
  std::ranges::sort(out, [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(rank[a], a) < std::pair(rank[b], b);
  });
  return out;
}

// One batch on its way: blinds, and what became of the elements so far.
class Batch {
 public:
  Batch(const Question& q, std::span<const std::uint32_t> which) : question_(q), which_(which) {}

  bool blind(const oprf::Suite& suite, const keys::Expander& secret, const oprf::Session& session) {
    blinds_.resize(which_.size());
    elements_.resize(which_.size());
    std::atomic<bool> good{true};
    parallel_for(which_.size(), kGrain, [&](std::size_t begin, std::size_t end) {
      keys::Expander mine = secret.clone();
      for (std::size_t i = begin; i < end; ++i) {
        const Bytes& text = question_.texts[which_[i]];
        auto wide = drawn(mine, "tessera key blind 1", session, question_.key, text);
        if (!oprf::reduce(wide, blinds_[i].fill()) ||
            !oprf::blind(suite, text, blinds_[i], elements_[i]))
          good = false;
        wipe(wide);
      }
    });
    return good;
  }
  const std::vector<Element>& elements() const { return elements_; }
  void advance(std::vector<Element> evaluated) { elements_ = std::move(evaluated); }

  bool finish(std::vector<oprf::Output>& outputs) {
    std::atomic<bool> good{true};
    parallel_for(which_.size(), kGrain, [&](std::size_t begin, std::size_t end) {
      const std::span blinds = std::span(blinds_).subspan(begin, end - begin);
      std::vector<Scalar> inverses(end - begin);
      oprf::invert(blinds, inverses);
      for (std::size_t i = begin; i < end; ++i)
        if (!oprf::finalize(question_.texts[which_[i]], inverses[i - begin], elements_[i],
                            outputs[which_[i]]))
          good = false;
    });
    return good;
  }

 private:
  const Question& question_;
  std::span<const std::uint32_t> which_;
  std::vector<Scalar> blinds_;
  std::vector<Element> elements_;
};

Error from_service(const Error& e, const schema::KeyService& service) {
  return {e.code, e.what, "key service " + service.name};
}

// Sends a batch to one service and takes its answer. False: the answer is still to come.
Result<bool> pass_through(const Plan& plan, const Asker& asker, const oprf::Suite& suite,
                          std::size_t number, const std::string& key, Batch& batch,
                          Messenger& messenger) {
  const schema::KeyService& service = plan.services[number];
  oprf::Request request{asker.owner, plan.epoch,        key,
                        plan.now,    *service.key(key), batch.elements()};
  const Sha256 digest = oprf::batch_digest(request.public_key, request.elements);
  auto bytes = messenger.ask(number, digest, request);
  if (!bytes) return from_service(bytes.error(), service);
  if (!*bytes) return false;
  auto answer = oprf::read_answer(**bytes);
  if (!answer) return from_service(answer.error(), service);
  if (answer->batch != digest || answer->elements.size() != request.elements.size())
    return from_service({ErrorCode::crypto, "the answer is to another question", ""}, service);
  const auto holds = oprf::verify_batch(suite, request.public_key, request.elements,
                                        answer->elements, answer->proofs);
  if (!holds) return from_service(holds.error(), service);
  batch.advance(std::move(answer->elements));
  return true;
}

Error cannot_blind() {
  return {ErrorCode::crypto, "a block key could not be blinded or unblinded", ""};
}

// A batch that services are being asked about. At most one at a time: messengers are not thread
// safe.
struct Flight {
  std::size_t question = 0;
  std::unique_ptr<Batch> batch;
  std::future<Result<bool>> arrived;  // last: waits, when gone, while the batch is still there
};

Result<bool> wait_for(std::optional<Flight>& away) { return away ? away->arrived.get() : true; }

// `batch` goes to all services, one after the other.
Flight depart(const Plan& plan, const Asker& asker, const oprf::Suite& suite, std::size_t question,
              const std::string& key, std::unique_ptr<Batch> batch, Messenger& messenger) {
  Batch& mine = *batch;
  auto pass = [&plan, &asker, &suite, &key, &mine, &messenger]() -> Result<bool> {
    bool arrived = true;
    for (std::size_t s = 0; s < plan.services.size() && arrived; ++s) {
      TESSERA_TRY(arrived, pass_through(plan, asker, suite, s, key, mine, messenger));
    }
    return arrived;
  };
  // Where no thread can be had, the batch goes when it is waited for.
  return {question, std::move(batch),
          std::async(std::launch::async | std::launch::deferred, std::move(pass))};
}

}  // namespace

Bytes signed_bytes(const Asker& asker, const oprf::Request& request) {
  Bytes bytes = oprf::unsigned_request(request);
  const oprf::SignatureBytes signature = asker.sign(oprf::kRequestContext, bytes);
  return oprf::signed_request(std::move(bytes), signature);
}

Result<std::optional<Outputs>> exchange(const Plan& plan, const Asker& asker,
                                        const std::vector<Question>& questions,
                                        Messenger& messenger, Progress& progress) {
  const oprf::Suite suite(oprf::Mode::verifiable);
  const keys::Expander secret(asker.secret.reveal());
  Outputs outputs;
  std::vector<std::vector<std::uint32_t>> orders;
  std::uint64_t all = 0;
  for (const Question& q : questions) {
    outputs.emplace_back(q.texts.size());
    orders.push_back(order_of(q, secret, plan.session));
    all += q.texts.size();
  }
  progress.begin("key service", all, "block keys");
  // A batch is blinded while the one before it is away, and unblinded while the next one is.
  bool pending = false;
  std::optional<Flight> away;
  const auto land = [&](const std::optional<Flight>& back, bool arrived) -> Result<void> {
    if (!back) return {};
    pending = pending || !arrived;
    if (arrived && !back->batch->finish(outputs[back->question])) return cannot_blind();
    progress.advance(back->batch->elements().size());
    return {};
  };
  for (std::size_t n = 0; n < questions.size(); ++n)
    for (std::size_t at = 0; at < orders[n].size(); at += plan.batch) {
      const auto left = std::span(orders[n]).subspan(at);
      auto batch =
          std::make_unique<Batch>(questions[n], left.first(std::min(plan.batch, left.size())));
      if (!batch->blind(suite, secret, plan.session)) return cannot_blind();
      TESSERA_TRY(const bool arrived, wait_for(away));
      const std::optional<Flight> back = std::exchange(
          away, depart(plan, asker, suite, n, questions[n].key, std::move(batch), messenger));
      TESSERA_CHECK(land(back, arrived));
    }
  TESSERA_TRY(const bool arrived, wait_for(away));
  TESSERA_CHECK(land(away, arrived));
  if (pending) return std::optional<Outputs>();
  return std::optional(std::move(outputs));
}

}  // namespace tessera::keyclient
