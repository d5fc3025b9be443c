// What encode does where the schema names key services.
#include "cli/key_exchange.h"

#include <cstdio>
#include <thread>

#include <fmt/format.h>

#include "cli/broken_pipes.h"
#include "cli/identity.h"
#include "cli/say.h"
#include "engine/core/file.h"
#include "engine/keyclient/online.h"

namespace tessera::cli {
namespace {

using keyclient::Asker;
using keyclient::Outputs;
using keyclient::Plan;
using keyclient::Question;

std::vector<Question> questions_of(const schema::Schema& schema,
                                   const std::vector<encode::KeyInputs>& inputs) {
  std::vector<Question> out;
  for (const encode::KeyInputs& i : inputs) {
    out.push_back({i.key, {}});
    for (const std::string& value : i.values)
      out.back().texts.push_back(encode::oprf_input(schema, i.key, value));
  }
  return out;
}

std::string names_of(const std::vector<schema::KeyService>& services) {
  std::string out;
  for (const auto& s : services) out += (out.empty() ? "" : ", ") + s.name;
  return out;
}

// The answers of all files, which must be of one exchange.
Result<oprf::Session> read_answers(const std::vector<std::string>& paths,
                                   keyclient::AnswerStore& out) {
  std::optional<oprf::Session> session;
  for (const std::string& path : paths) {
    TESSERA_TRY(const std::string text, read_file(path));
    auto bundle =
        oprf::read_bundle(as_bytes(text), oprf::Bundle::Kind::answers, oprf::Tail::strict);
    if (!bundle) return Error{bundle.error().code, bundle.error().what, path};
    if (session && *session != bundle->session)
      return Error{ErrorCode::conflict, "answers another request than the file before it", path};
    session = bundle->session;
    const auto added = out.add(*bundle);
    if (!added) return Error{added.error().code, added.error().what, path};
  }
  return *session;
}

}  // namespace

void KeyServiceOptions::add_to(CLI::App& verb) {
  auto* urls = verb.add_option("--keyserver", urls_,
                               "https://HOST:PORT of a key service; once for each that the schema "
                               "names, in that order")
                   ->take_all();
  verb.add_option("--keyserver-ca", authorities_,
                  "PEM file of whom to trust for --keyserver (default: the system's)")
      ->needs(urls);
  verb.add_option("--key-request", request_,
                  "without a network: file to write requests to, for a key service to answer")
      ->excludes(urls);
  verb.add_option("--key-answer", answers_,
                  "a key service's file of answers; once for each service")
      ->take_all()
      ->excludes(urls);
}

Result<std::optional<Outputs>> KeyServiceOptions::ask_online(const Plan& plan, const Asker& asker,
                                                             const std::vector<Question>& questions,
                                                             const std::string& output,
                                                             Progress& progress) {
  if (urls_.size() != plan.services.size())
    return Error{ErrorCode::usage,
                 fmt::format("the schema names {} key services ({}): give --keyserver for each, in "
                             "that order",
                             plan.services.size(), names_of(plan.services)),
                 ""};
  kept_path_ = output + ".answers";
  TESSERA_TRY(keyclient::KeptAnswers kept, keyclient::KeptAnswers::open(kept_path_, plan.session));
  if (kept.answers().size() > 0)
    say_note(fmt::format("going on from {}: {} requests were answered before", kept_path_,
                         kept.answers().size()));
  const keyclient::Reach reach{urls_, authorities_};
  TESSERA_TRY(const auto messenger,
              keyclient::OnlineMessenger::make(asker, kept, reach, [](auto pause) {
                say_note("a key service did not answer; asking again");
                std::this_thread::sleep_for(pause);
              }));
  const Plan taken_up{plan.services, plan.epoch, kept.session(), plan.batch, plan.now};
  // A service closes a connection that was silent for some seconds; the next request opens another.
  const IgnoreBrokenPipes services_may_hang_up;
  return keyclient::exchange(taken_up, asker, questions, *messenger, progress);
}

Result<std::optional<Outputs>> KeyServiceOptions::ask_by_file(
    const Plan& plan, const Asker& asker, const std::vector<Question>& questions, bool force,
    Progress& progress) {
  keyclient::AnswerStore answers;
  oprf::Session session = plan.session;
  if (!answers_.empty()) {
    TESSERA_TRY(session, read_answers(answers_, answers));
  }
  const Plan taken_up{plan.services, plan.epoch, session, plan.batch, plan.now};
  keyclient::FileMessenger messenger(asker, answers);
  TESSERA_TRY(auto outputs, keyclient::exchange(taken_up, asker, questions, messenger, progress));
  if (outputs) return outputs;
  // A later service is asked only when the one before it has answered all.
  const auto& [service, requests] = *messenger.requests().begin();
  const std::string& name = plan.services[service].name;
  if (request_.empty())
    return Error{
        ErrorCode::usage,
        fmt::format("answers of key service {} are missing: name a file for the requests to "
                    "it with --key-request (the roster must be the one of the first request)",
                    name),
        ""};
  const std::string bytes(
      as_text(oprf::to_bytes(oprf::Bundle{oprf::Bundle::Kind::requests, session, requests})));
  TESSERA_CHECK(write_file(request_, bytes, {.force = force}));
  fmt::print(
      "{}: {} requests for key service {}; bring them there, and come back with its answers\n",
      request_, requests.size(), name);
  return outputs;
}

Result<std::unique_ptr<encode::Seeds>> KeyServiceOptions::seeds(
    const schema::Schema& schema, std::span<const record::Fields> records,
    const seal::KeyPair& owner, const std::string& output, bool force, Random& random,
    Progress& progress) {
  if (!given())
    return Error{ErrorCode::usage,
                 fmt::format("the schema names key services ({}): give --keyserver for each, or "
                             "--key-request where there is no network",
                             names_of(schema.key_services)),
                 ""};
  auto inputs = encode::key_inputs(schema, records, progress);
  const std::vector<Question> questions = questions_of(schema, inputs);
  Plan plan{.services = schema.key_services, .epoch = schema.epoch, .now = clock_seconds()};
  random.fill(plan.session);
  const Asker asker = asker_of(owner);
  TESSERA_TRY(auto outputs, urls_.empty() ? ask_by_file(plan, asker, questions, force, progress)
                                          : ask_online(plan, asker, questions, output, progress));
  if (!outputs) return std::unique_ptr<encode::Seeds>();
  return std::unique_ptr<encode::Seeds>(
      std::make_unique<encode::ServiceSeeds>(schema, std::move(inputs), *std::move(outputs)));
}

void KeyServiceOptions::finish() {
  if (!kept_path_.empty()) std::remove(kept_path_.c_str());
}

}  // namespace tessera::cli
