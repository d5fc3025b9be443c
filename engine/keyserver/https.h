// The service on the network: HTTPS, two paths, bounded in size and time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/core/result.h"
#include "engine/keyserver/service.h"

namespace tessera::keyserver {

struct Listen {
  std::string certificate;      // PEM file
  std::string certificate_key;  // PEM file, mode 0600
  std::string host = "127.0.0.1";
  int port = 0;  // 0: a free one
};

// POST /v1/evaluate: a signed request's bytes, answered by an answer's bytes, or by JSON with
// "error" and "code" and a status of 400 (not a request), 403 (unknown, revoked, wrong signature),
// 409 (other keys), 413 (too long), 429 (over quota or burst), 500.
// GET /v1/keys/EPOCH: the public keys, as JSON.
class HttpsServer {
 public:
  // `service` must outlive it. `now` gives the time; called from several threads.
  static Result<std::unique_ptr<HttpsServer>> make(const Listen& listen, Service& service,
                                                   std::function<Seconds()> now);
  ~HttpsServer();
  int port() const;
  // Serves until stop(). Error `io` if listening fails.
  Result<void> run();
  // From any thread, or a signal's.
  void stop();

 private:
  HttpsServer();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera::keyserver
