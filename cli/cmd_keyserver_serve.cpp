// tessera keyserver serve, answer, certificate: how owners get their answers.
#include <atomic>
#include <csignal>
#include <memory>
#include <pthread.h>
#include <thread>

#include <fmt/format.h>

#include "cli/broken_pipes.h"
#include "cli/identity.h"
#include "cli/key_safe.h"
#include "cli/keyserver_verbs.h"
#include "cli/paths.h"
#include "cli/say.h"
#include "engine/core/file.h"
#include "engine/keyserver/certificate.h"
#include "engine/keyserver/https.h"
#include "engine/keyserver/service.h"
#include "engine/oprf/bundle.h"
#include "engine/seal/key_text.h"

namespace tessera::cli {
namespace keyserver_serve_verb {
namespace {

using keyserver::Service;
using keyserver::State;

struct Options {
  std::string state;
  std::string requests;
  std::string output;
  std::string key_output;
  std::string port_file;
  keyserver::Listen listen;
  std::string name;
  int days = 825;
  bool force = false;
  PassphraseOption passphrase;
};

Result<std::unique_ptr<Service>> open_service(const Options& o) {
  TESSERA_TRY(State state, open_unlocked(o.state, o.passphrase));
  return std::make_unique<Service>(std::move(state), system_random(), seal::verify);
}

// Waits for the signal that ends the service. Signals are blocked in all threads, so that none is
// interrupted in the middle of an answer.
class StopSignal {
 public:
  StopSignal() {
    sigemptyset(&set_);
    for (const int s : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&set_, s);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  void watch(keyserver::HttpsServer& server) {
    thread_ = std::thread([this, &server] {
      int which = 0;
      sigwait(&set_, &which);
      server.stop();
    });
  }
  ~StopSignal() {
    if (!thread_.joinable()) return;
    pthread_kill(thread_.native_handle(), SIGUSR1);  // wakes it if no signal came
    thread_.join();
  }

 private:
  sigset_t set_{};
  std::thread thread_;
};

Result<int> serve(const Options& o) {
  TESSERA_TRY(const std::unique_ptr<Service> service, open_service(o));
  TESSERA_TRY(const auto server,
              keyserver::HttpsServer::make(o.listen, *service, [] { return clock_seconds(); }));
  const IgnoreBrokenPipes owners_may_hang_up;
  StopSignal signal;
  if (!o.port_file.empty())
    TESSERA_CHECK(write_file(o.port_file, fmt::format("{}\n", server->port()), {.force = true}));
  say_note(
      fmt::format("listening on {}:{}; stop with an interrupt", o.listen.host, server->port()));
  signal.watch(*server);
  TESSERA_CHECK(server->run());
  return kDone;
}

Result<int> answer(const Options& o) {
  TESSERA_CHECK(check_paths({{o.requests}, {o.output}, o.force}));
  TESSERA_TRY(const std::string text, read_file(o.requests));
  auto requests =
      oprf::read_bundle(as_bytes(text), oprf::Bundle::Kind::requests, oprf::Tail::strict);
  if (!requests) return Error{requests.error().code, requests.error().what, o.requests};
  TESSERA_TRY(const std::unique_ptr<Service> service, open_service(o));
  oprf::Bundle answers{oprf::Bundle::Kind::answers, requests->session, {}};
  const auto progress = progress_bar();
  progress->begin("answering", requests->messages.size(), "requests");
  for (const Bytes& request : requests->messages) {
    auto bytes = service->answer(request, clock_seconds());
    if (!bytes)
      return Error{bytes.error().code, bytes.error().what,
                   fmt::format("{}: request {}", o.requests, answers.messages.size() + 1)};
    answers.messages.push_back(*std::move(bytes));
    progress->advance(1);
  }
  TESSERA_CHECK(write_file(o.output, as_text(oprf::to_bytes(answers)), {.force = o.force}));
  fmt::print("{}: {} requests answered\n", o.output, answers.messages.size());
  return kDone;
}

Result<int> owner_key(const Options& o) {
  const std::string open = o.key_output + ".pub";
  for (const std::string& path : {o.key_output, open})
    if (!o.force && file_exists(path))
      return Error{ErrorCode::usage, "already exists; give --force to replace it", path};
  const auto random = system_random();
  const seal::KeyPair pair = seal::new_key_pair(seal::Use::owner, o.name, *random);
  TESSERA_CHECK(
      write_file(o.key_output, seal::to_text(pair).reveal(), {.force = o.force, .mode = 0600}));
  TESSERA_CHECK(write_file(open, seal::public_text(pair, nullptr), {.force = o.force}));
  fmt::print("{}: keep it; {}: give it to the key service\n", o.key_output, open);
  return kDone;
}

Result<int> certificate(const Options& o) {
  TESSERA_TRY(const auto pem, keyserver::make_certificate(o.listen.host, o.days));
  if (!o.force && file_exists(o.output))
    return Error{ErrorCode::usage, "already exists; give --force to replace it", o.output};
  TESSERA_CHECK(write_file(o.key_output, pem.key, {.force = o.force, .mode = 0600}));
  TESSERA_CHECK(write_file(o.output, pem.certificate, {.force = o.force}));
  fmt::print("{}: for {}, {} days; give it to owners, and keep {}\n", o.output, o.listen.host,
             o.days, o.key_output);
  return kDone;
}

}  // namespace
}  // namespace keyserver_serve_verb

void add_keyserver_serving(CLI::App& group, Action& chosen) {
  using namespace keyserver_serve_verb;
  auto o = std::make_shared<Options>();
  CLI::App* v = group.add_subcommand("serve", "answer owners over HTTPS, until interrupted");
  v->add_option("STATE", o->state, "the key service's file")->required();
  v->add_option("--certificate", o->listen.certificate, "PEM certificate")->required();
  v->add_option("--certificate-key", o->listen.certificate_key, "its PEM key, mode 0600")
      ->required();
  v->add_option("--host", o->listen.host, "address to listen on")->capture_default_str();
  v->add_option("--port", o->listen.port, "port; 0: a free one")
      ->capture_default_str()
      ->check(CLI::Range(0, 65535));
  v->add_option("--port-file", o->port_file, "file to write the port to, once it listens");
  o->passphrase.add_to(*v);
  v->footer(
      "Example:\n  tessera keyserver serve ks.db --certificate ks.pem --certificate-key ks.key "
      "--host 0.0.0.0 --port 8443");
  v->callback([&chosen, o] { chosen = [o] { return serve(*o); }; });

  o = std::make_shared<Options>();
  v = group.add_subcommand("answer", "answer a file of requests, for owners without a network");
  v->add_option("STATE", o->state, "the key service's file")->required();
  v->add_option("REQUESTS", o->requests, "what 'tessera encode --key-request' wrote")->required();
  v->add_option("-o,--output", o->output, "file of answers to write")->required();
  o->passphrase.add_to(*v);
  v->add_flag("--force", o->force, "replace an existing file");
  v->footer("Example:\n  tessera keyserver answer ks.db north.request -o north.answer");
  v->callback([&chosen, o] { chosen = [o] { return answer(*o); }; });

  o = std::make_shared<Options>();
  o->listen.host = "localhost";
  v = group.add_subcommand("certificate", "make a certificate that owners are told to trust");
  v->add_option("-o,--output", o->output, "certificate to write (PEM)")->required();
  v->add_option("--key", o->key_output, "its key to write (PEM, mode 0600)")->required();
  v->add_option("--host", o->listen.host, "name or IPv4 address in the service's URL")
      ->capture_default_str();
  v->add_option("--days", o->days, "how long it is good")
      ->capture_default_str()
      ->check(CLI::Range(1, 3650));
  v->add_flag("--force", o->force, "replace existing files");
  v->footer(
      "Example:\n  tessera keyserver certificate --host keys.example.org -o ks.pem --key ks.key");
  v->callback([&chosen, o] { chosen = [o] { return certificate(*o); }; });

  o = std::make_shared<Options>();
  v = group.add_subcommand("owner-key", "for owners: make the key that requests are signed with");
  v->add_option("KEY", o->key_output, "file to write, mode 0600; its public half goes to KEY.pub")
      ->required();
  v->add_option("--name", o->name, "the owner's name, as given to 'tessera encode --owner'")
      ->required()
      ->check(organisation_name());
  v->add_flag("--force", o->force, "replace existing files");
  v->footer("Example:\n  tessera keyserver owner-key north.key --name north");
  v->callback([&chosen, o] { chosen = [o] { return owner_key(*o); }; });
}

}  // namespace tessera::cli
