// cpp-httplib's server with every limit set, and errors as JSON without anything of the request.
#include "engine/keyserver/https.h"

#include <atomic>

#include <fmt/format.h>
#include <httplib.h>

#include "engine/core/file.h"
#include "engine/core/json.h"

namespace tessera::keyserver {
namespace {

constexpr int kReadSeconds = 20;  // without a byte
// Connections that are read or answered at a time. Most of them wait: who only holds one open takes
// a thread and no more, and it takes this many to keep others out.
constexpr std::size_t kThreads = 64;

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::crypto:
      return "crypto";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::limit:
      return "limit";
    case ErrorCode::io:
      return "io";
    default:
      return "format";
  }
}

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::crypto:
      return 403;
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::limit:
      return 429;
    case ErrorCode::io:
      return 500;
    default:
      return 400;
  }
}

void refuse(httplib::Response& response, int status, ErrorCode code, std::string_view what) {
  response.status = status;
  response.set_content(json::to_text(json::Object{{"code", name_of(code)}, {"error", what}}),
                       "application/json");
}

void refuse(httplib::Response& response, const Error& error) {
  // What failed on this machine is no business of who asks.
  const bool inner = error.code == ErrorCode::io;
  refuse(response, status_of(error.code), error.code,
         inner ? "the key service has a fault of its own; try again later" : error.what);
}

}  // namespace

struct HttpsServer::State {
  std::unique_ptr<httplib::SSLServer> server;
  Service* service = nullptr;
  std::function<Seconds()> now;
  int port = 0;
  std::atomic<bool> stopped{false};

  void evaluate(const httplib::Request& request, httplib::Response& response,
                const httplib::ContentReader& reader) const {
    if (request.is_multipart_form_data())
      return refuse(response, 400, ErrorCode::format, "a request is sent as it is, not as a form");
    Bytes body;
    bool fits = true;
    // Counted here as well: a body in chunks has no length to be looked at beforehand.
    const bool whole = reader([&](const char* data, std::size_t size) {
      fits = body.size() + size <= oprf::largest_request();
      if (fits) body.insert(body.end(), data, data + size);
      return fits;
    });
    if (!fits || (!whole && response.status == 413))
      return refuse(response, 413, ErrorCode::limit, "a key request holds 1 to 100000 elements");
    if (!whole) return refuse(response, 400, ErrorCode::format, "the request broke off");
    const Result<Bytes> answer = service->answer(body, now());
    if (!answer) return refuse(response, answer.error());
    response.set_content(std::string(as_text(*answer)), "application/octet-stream");
  }

  void keys(const httplib::Request& request, httplib::Response& response) const {
    const auto found = service->public_keys(request.matches[1].str());
    if (!found) return refuse(response, found.error());
    response.set_content(json::to_text(schema::to_json(*found)), "application/json");
  }

  void add_paths() {
    server->Post("/v1/evaluate",
                 [this](const httplib::Request& q, httplib::Response& r,
                        const httplib::ContentReader& reader) { evaluate(q, r, reader); });
    server->Get(R"(/v1/keys/([!-~]{1,32}))",
                [this](const httplib::Request& q, httplib::Response& r) { keys(q, r); });
    server->set_error_handler([](const httplib::Request&, httplib::Response& r) {
      if (r.body.empty()) {
        const int status = r.status;
        refuse(r, status, status == 413 ? ErrorCode::limit : ErrorCode::format,
               status == 413 ? "a key request holds 1 to 100000 elements"
                             : "this key service answers POST /v1/evaluate and GET /v1/keys/EPOCH");
      }
    });
    // A library's exception: its text could quote what was sent.
    server->set_exception_handler(
        [](const httplib::Request&, httplib::Response& r, const std::exception_ptr&) {
          refuse(r, 500, ErrorCode::io, "the key service has a fault of its own; try again later");
        });
  }
};

HttpsServer::HttpsServer() : state_(std::make_unique<State>()) {}
HttpsServer::~HttpsServer() = default;

Result<std::unique_ptr<HttpsServer>> HttpsServer::make(const Listen& listen, Service& service,
                                                       std::function<Seconds()> now) {
  TESSERA_CHECK(require_private(listen.certificate_key));
  std::unique_ptr<HttpsServer> out(new HttpsServer);
  State& s = *out->state_;
  s.service = &service;
  s.now = std::move(now);
  s.server = std::make_unique<httplib::SSLServer>(listen.certificate.c_str(),
                                                  listen.certificate_key.c_str());
  if (!s.server->is_valid())
    return Error{ErrorCode::crypto,
                 "this certificate and its key are not to be used together, or are no PEM files",
                 listen.certificate};
  s.server->set_payload_max_length(oprf::largest_request());
  s.server->set_read_timeout(kReadSeconds);
  s.server->set_write_timeout(kReadSeconds);
  s.server->set_keep_alive_max_count(1000);
  s.server->new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  s.add_paths();
  s.port = listen.port != 0 && s.server->bind_to_port(listen.host, listen.port) ? listen.port : -1;
  if (listen.port == 0) s.port = s.server->bind_to_any_port(listen.host);
  if (s.port < 0)
    return Error{ErrorCode::io, "cannot listen there: the port is taken, or not yours to take",
                 fmt::format("{}:{}", listen.host, listen.port)};
  return out;
}

int HttpsServer::port() const { return state_->port; }

Result<void> HttpsServer::run() {
  if (!state_->server->listen_after_bind() && !state_->stopped)
    return Error{ErrorCode::io, "stopped listening", ""};
  return {};
}

void HttpsServer::stop() {
  state_->stopped = true;
  state_->server->stop();
}

}  // namespace tessera::keyserver
