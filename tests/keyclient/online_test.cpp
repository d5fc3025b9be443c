#include "engine/keyclient/online.h"

#include <atomic>
#include <fstream>
#include <signal.h>
#include <thread>

#include <doctest/doctest.h>
#include <httplib.h>

#include "engine/core/file.h"
#include "engine/keyserver/certificate.h"
#include "engine/keyserver/https.h"
#include "tests/keyserver/offices.h"

namespace online_test {

using namespace tessera;
using namespace tessera::keyclient;
using keyserver::Folder;
using keyserver::kNow;
using keyserver::Signer;

namespace {

// A real service on a free port of this machine.
class Network {
 public:
  explicit Network(std::uint64_t quota = 1000, std::uint64_t burst = 1000) {
    const auto pem = keyserver::make_certificate("localhost", 2);
    REQUIRE(pem);
    REQUIRE(write_file(folder / "cert.pem", pem->certificate, {}));
    REQUIRE(write_file(folder / "cert.key", pem->key, {.mode = 0600}));
    auto state = keyserver::State::create(folder / "ks", "office-1", kNow);
    REQUIRE(state);
    const auto random = system_random();
    REQUIRE(state->add_epoch("2026", {"dob_last"}, *random, kNow));
    REQUIRE(state->admit("north", signer.open, kNow));
    REQUIRE(state->grant("north", "2026", "dob_last", quota, burst, kNow));
    named = {state->public_keys("2026")->service};
    service = std::make_unique<keyserver::Service>(*std::move(state), system_random(),
                                                   keyserver::verify_signature);
    start(0);
  }
  ~Network() { stop(); }
  void start(int port) {
    auto made =
        keyserver::HttpsServer::make({folder / "cert.pem", folder / "cert.key", "127.0.0.1", port},
                                     *service, [] { return kNow; });
    REQUIRE(made);
    server = *std::move(made);
    thread = std::thread([this] { CHECK(server->run()); });
    httplib::Client probe = client();
    while (!probe.Get("/v1/keys/2026")) std::this_thread::yield();
  }
  void stop() {
    if (thread.joinable()) {
      server->stop();
      thread.join();
    }
  }
  std::string url() const { return "https://localhost:" + std::to_string(server->port()); }
  httplib::Client client() const {
    httplib::Client out(url());
    out.set_ca_cert_path((folder / "cert.pem").c_str());
    return out;
  }

  Folder folder;
  Signer signer{1};
  std::vector<schema::KeyService> named;
  std::unique_ptr<keyserver::Service> service;
  std::unique_ptr<keyserver::HttpsServer> server;
  std::thread thread;
};

struct Roster {
  Secret<32> secret;
  std::vector<Question> questions{{"dob_last", {}}};
  explicit Roster(std::size_t n) {
    secret.fill()[0] = 1;
    for (std::size_t i = 0; i < n; ++i) {
      const std::string text = "key " + std::to_string(i);
      questions[0].texts.emplace_back(text.begin(), text.end());
    }
  }
  // One run of the exchange; `waited` counts pauses, and may mend the network.
  Result<std::optional<Outputs>> run(
      Network& net, const Reach& reach, const std::string& kept_path,
      const std::function<void()>& waited = [] {}) const {
    const Asker asker{"north", secret,
                      [&](std::string_view c, ByteView m) { return net.signer.sign(c, m); }};
    TESSERA_TRY(KeptAnswers kept, KeptAnswers::open(kept_path, oprf::Session{}));
    TESSERA_TRY(
        const auto messenger,
        OnlineMessenger::make(asker, kept, reach, [&](std::chrono::milliseconds) { waited(); }));
    Silent silent;
    return exchange({net.named, "2026", kept.session(), 10, kNow}, asker, questions, *messenger,
                    silent);
  }
};

Reach reach_of(const Network& net) {
  return {{net.url()}, net.folder / "cert.pem", 3, std::chrono::milliseconds(1)};
}

}  // namespace

TEST_CASE("over HTTPS, and again from what was kept, without asking twice") {
  Network net;
  const Roster roster(25);
  const auto once = roster.run(net, reach_of(net), net.folder / "kept");
  REQUIRE(once);
  REQUIRE(*once);
  net.stop();  // nobody is there to be asked
  const auto again = roster.run(net, reach_of(net), net.folder / "kept");
  REQUIRE(again);
  CHECK(**again == **once);
}

TEST_CASE("broken off between batches and while writing: taken up where it stopped") {
  Network net(20, 1000);
  const Roster roster(25);
  const auto broken = roster.run(net, reach_of(net), net.folder / "kept");
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == ErrorCode::limit);
  std::ofstream(net.folder / "kept", std::ios::app | std::ios::binary) << "half a message";
  auto state = keyserver::State::open(net.folder / "ks");
  REQUIRE(state->grant("north", "2026", "dob_last", 5, 1000, kNow));
  const auto whole = roster.run(net, reach_of(net), net.folder / "kept");
  REQUIRE(whole);
  CHECK(*whole);
  CHECK(state->quotas()->front().used == 25);
}

TEST_CASE("a service that is away is asked again, later and later, and then it is said so") {
  Network net;
  const Roster roster(5);
  const Reach reach = reach_of(net);
  const int port = net.server->port();
  net.stop();
  int pauses = 0;
  const auto never = roster.run(net, reach, net.folder / "kept", [&] { ++pauses; });
  REQUIRE_FALSE(never);
  CHECK(never.error().code == ErrorCode::io);
  CHECK(never.error().where == "key service office-1");
  CHECK(pauses == 2);
  const auto mended = roster.run(net, reach, net.folder / "kept", [&] { net.start(port); });
  REQUIRE(mended);
  CHECK(*mended);
}

TEST_CASE("revoked: refused at the next request, and not asked again") {
  Network net;
  auto state = keyserver::State::open(net.folder / "ks");
  REQUIRE(state->revoke("north", true, kNow));
  int pauses = 0;
  const auto refused = Roster(5).run(net, reach_of(net), net.folder / "kept", [&] { ++pauses; });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::crypto);
  CHECK(refused.error().what.find("revoked") != std::string::npos);
  CHECK(pauses == 0);
}

TEST_CASE("a certificate that nobody vouches for, and addresses that are none") {
  Network net;
  const Roster roster(5);
  const auto other = keyserver::make_certificate("localhost", 2);
  REQUIRE(write_file(net.folder / "other.pem", other->certificate, {}));
  Reach reach = reach_of(net);
  reach.authorities = net.folder / "other.pem";
  const auto untrusted = roster.run(net, reach, net.folder / "kept");
  REQUIRE_FALSE(untrusted);
  CHECK(untrusted.error().code == ErrorCode::crypto);
  for (const char* url : {"http://localhost", "localhost", "https://"}) {
    reach.urls = {url};
    const auto none = roster.run(net, reach, net.folder / "kept");
    REQUIRE_FALSE(none);
    CHECK(none.error().code == ErrorCode::usage);
  }
}

TEST_CASE("bodies that are no requests: refused with a status, and the service goes on") {
  Network net;
  auto client = net.client();
  const char* type = "application/octet-stream";
  const std::string long_body(oprf::largest_request() + 1, 'x');
  CHECK(client.Post("/v1/evaluate", "not a request", type)->status == 400);
  CHECK(client.Post("/v1/evaluate", "", type)->status == 400);
  CHECK(client.Post("/v1/evaluate", "a=b&c=d", "application/x-www-form-urlencoded")->status == 400);
  const auto too_long = client.Post("/v1/evaluate", long_body, type);
  CHECK((!too_long || too_long->status == 413));
  // In chunks a body does not say how long it will be.
  auto chunked_client = net.client();
  std::size_t sent = 0;
  const auto chunked = chunked_client.Post(
      "/v1/evaluate",
      [&](std::size_t, httplib::DataSink& sink) {
        const std::string piece(1 << 20, 'x');
        if (sent > (std::size_t{16} << 20)) {
          sink.done();
          return true;
        }
        sent += piece.size();
        return sink.write(piece.data(), piece.size());
      },
      type);
  CHECK((!chunked || chunked->status == 413 || chunked->status == 400));
  auto again = net.client();
  CHECK(again.Get("/v1/evaluate")->status == 404);
  CHECK(again.Get("/v1/keys/2050")->status == 409);
  CHECK(again.Get("/v1/keys/" + std::string(300, 'x'))->status == 404);
  const auto keys = again.Get("/v1/keys/2026");
  REQUIRE(keys);
  const auto read = schema::public_keys_from_json(*json::parse(keys->body, "keys"), "keys");
  REQUIRE(read);
  CHECK(read->service.keys == net.named[0].keys);
  CHECK(Roster(5).run(net, reach_of(net), net.folder / "kept"));
}

}  // namespace online_test
