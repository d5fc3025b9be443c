// HTTPS by cpp-httplib. A request that failed on the way is sent again; one that was refused is
// not.
#include "engine/keyclient/online.h"

#include <algorithm>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <httplib.h>

#include "engine/core/file.h"
#include "engine/core/json.h"

namespace tessera::keyclient {
namespace {

constexpr int kConnectSeconds = 10;
constexpr int kAnswerSeconds = 300;  // of a batch, at a busy service
constexpr std::chrono::milliseconds kLongestPause{60000};
constexpr const char* kPath = "/v1/evaluate";
constexpr const char* kType = "application/octet-stream";

std::size_t largest_answer() { return oprf::largest_request() * 2; }

ErrorCode code_named(std::string_view name) {
  if (name == "crypto") return ErrorCode::crypto;
  if (name == "conflict") return ErrorCode::conflict;
  if (name == "limit") return ErrorCode::limit;
  return ErrorCode::format;
}

// What the service says of a refusal; anything else could be a page of a proxy, and is not shown.
Error refusal(int status, const std::string& body) {
  if (const auto said = json::parse(body, "answer")) {
    const json::Value* what = said->find("error");
    const json::Value* code = said->find("code");
    if (what != nullptr && what->as_string() != nullptr && code != nullptr &&
        code->as_string() != nullptr && what->as_string()->size() < 500)
      return {code_named(*code->as_string()), *what->as_string(), ""};
  }
  return {ErrorCode::io,
          fmt::format("answered with HTTP status {}: is this a key service?", status), ""};
}

// Errors that come again however often one asks.
bool in_vain(httplib::Error error) {
  return error == httplib::Error::SSLServerVerification || error == httplib::Error::SSLLoadingCerts;
}

Error failure(httplib::Error error) {
  if (error == httplib::Error::SSLServerVerification)
    return {ErrorCode::crypto,
            "its certificate is not trusted; name the file that vouches for it with "
            "--keyserver-ca",
            ""};
  if (error == httplib::Error::SSLLoadingCerts)
    return {ErrorCode::io, "the certificates of --keyserver-ca cannot be read", ""};
  return {ErrorCode::io,
          fmt::format("cannot be reached ({}); what was answered is kept, and the same command "
                      "goes on from there",
                      httplib::to_string(error)),
          ""};
}

}  // namespace

Result<KeptAnswers> KeptAnswers::open(const std::string& path, const oprf::Session& fresh) {
  KeptAnswers out;
  out.path_ = path;
  out.session_ = fresh;
  Bytes whole = oprf::bundle_head(oprf::Bundle::Kind::answers, fresh);
  if (file_exists(path)) {
    TESSERA_TRY(const std::string text, read_file(path));
    const auto bundle =
        oprf::read_bundle(as_bytes(text), oprf::Bundle::Kind::answers, oprf::Tail::broken_off);
    if (!bundle)
      return Error{ErrorCode::format,
                   "is not what a broken-off exchange with key services leaves; remove it", path};
    out.session_ = bundle->session;
    TESSERA_CHECK(out.answers_.add(*bundle));
    whole = oprf::to_bytes(*bundle);  // without the message that was cut short
  }
  TESSERA_CHECK(write_file(path, as_text(whole), {.force = true, .mode = 0600}));
  out.file_.reset(std::fopen(path.c_str(), "ab"));
  if (!out.file_)
    return Error{ErrorCode::io, fmt::format("cannot write: {}", std::strerror(errno)), path};
  return out;
}

Result<void> KeptAnswers::append(ByteView answer) {
  Bytes message;
  oprf::append_message(message, answer);
  if (std::fwrite(message.data(), 1, message.size(), file_.get()) != message.size() ||
      std::fflush(file_.get()) != 0)
    return Error{ErrorCode::io, fmt::format("cannot write: {}", std::strerror(errno)), path_};
  return {};
}

void KeptAnswers::remove() {
  file_.reset();
  ::unlink(path_.c_str());
}

struct OnlineMessenger::State {
  const Asker& asker;
  KeptAnswers& kept;
  Reach reach;
  std::function<void(std::chrono::milliseconds)> wait;
  std::vector<std::unique_ptr<httplib::Client>> clients;
};

OnlineMessenger::OnlineMessenger() = default;
OnlineMessenger::~OnlineMessenger() = default;

Result<std::unique_ptr<OnlineMessenger>> OnlineMessenger::make(
    const Asker& asker, KeptAnswers& kept, const Reach& reach,
    std::function<void(std::chrono::milliseconds)> wait) {
  std::unique_ptr<OnlineMessenger> out(new OnlineMessenger);
  out->state_ = std::make_unique<State>(State{asker, kept, reach, std::move(wait), {}});
  for (const std::string& url : reach.urls) {
    if (!url.starts_with("https://"))
      return Error{ErrorCode::usage, "a key service's address begins with https://", url};
    auto client = std::make_unique<httplib::Client>(url);
    if (!client->is_valid() || url == "https://")
      return Error{ErrorCode::usage,
                   "this is no address; expected https://HOST or https://HOST:PORT", url};
    client->set_connection_timeout(kConnectSeconds);
    client->set_read_timeout(kAnswerSeconds);
    client->set_write_timeout(kAnswerSeconds);
    // A connection for each batch: blinding the next one takes longer than a service waits.
    client->set_keep_alive(false);
    client->enable_server_certificate_verification(true);
    if (!reach.authorities.empty()) client->set_ca_cert_path(reach.authorities);
    out->state_->clients.push_back(std::move(client));
  }
  return out;
}

Result<std::optional<Bytes>> OnlineMessenger::ask(std::size_t service, const Sha256& batch,
                                                  const oprf::Request& request) {
  if (const Bytes* answer = state_->kept.answers().find(batch)) return std::optional(*answer);
  const Bytes bytes = signed_bytes(state_->asker, request);
  Error last{ErrorCode::io, "was not asked", ""};
  std::chrono::milliseconds pause = state_->reach.pause;
  for (unsigned n = 0; n < state_->reach.tries; ++n) {
    if (n > 0) {
      state_->wait(pause);
      pause = std::min(pause * 2, kLongestPause);
    }
    const auto response = state_->clients[service]->Post(
        kPath, reinterpret_cast<const char*>(bytes.data()), bytes.size(), kType);
    if (!response) {
      last = failure(response.error());
      if (in_vain(response.error())) return last;
      continue;
    }
    if (response->status == 200) {
      if (response->body.size() > largest_answer())
        return Error{ErrorCode::format, "the answer is longer than any can be", ""};
      const ByteView answer = as_bytes(response->body);
      TESSERA_CHECK(state_->kept.append(answer));
      return std::optional(Bytes(answer.begin(), answer.end()));
    }
    last = refusal(response->status, response->body);
    if (response->status < 500) return last;
  }
  return last;
}

}  // namespace tessera::keyclient
