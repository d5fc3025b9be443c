// tessera access: accounts of a registry. This part: the first one, signing in, passwords.
#include <memory>

#include <fmt/format.h>

#include "cli/access_verbs.h"
#include "cli/gate.h"
#include "cli/group.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/file.h"
#include "engine/registry/access_mark.h"
#include "engine/registry/registry.h"

namespace tessera::cli {
namespace access_verb {
namespace {

struct InitOptions {
  std::string registry, account, holder, password, form, approver;
  Gate gate;  // for the time alone
};

Result<int> init(const InitOptions& o) {
  const auto random = system_random();
  TESSERA_TRY(const auto marked, registry::access_log_of(o.registry));
  if (marked) return Error{ErrorCode::conflict, "this registry has accounts already", o.registry};
  TESSERA_TRY(std::string password, read_password(o.password));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::write));
  TESSERA_TRY(SigningKey key, SigningKey::read(o.registry + ".key"));
  const std::string path = access::access_path(o.registry);
  const access::Time now = o.gate.now();
  TESSERA_TRY(access::AccessLog log,
              access::AccessLog::create(path, r.name(), std::move(key), *random, now));
  access::Grant grant;
  grant.account = o.account;
  grant.level = 1;
  grant.form = o.form;
  grant.approver = o.approver;
  const auto fill = [&]() -> Result<void> {
    TESSERA_CHECK(log.add_account({o.account, o.holder}, password, {}, o.account,
                                  access::Work::interactive, now));
    TESSERA_TRY(const std::int64_t id, log.add_grant(grant, now));
    (void)id;
    return r.keep_access(log.name());
  };
  const auto done = fill();
  wipe({reinterpret_cast<std::uint8_t*>(password.data()), password.size()});
  if (!done) {  // ours, and named by nobody yet
    for (const char* suffix : {"", "-wal", "-shm"}) std::remove((path + suffix).c_str());
    return done.error();
  }
  fmt::print("{}: accounts are on; {} has level 1, approved by {}, form {}\n", o.registry,
             o.account, o.approver, o.form);
  return kDone;
}

struct SignInOptions {
  std::string registry, output, new_password;
  Gate gate;
  bool force = false;
};

Result<int> login(const SignInOptions& o) {
  TESSERA_TRY(const Pass pass, o.gate.sign_in(o.registry));
  TESSERA_TRY(const std::string token,
              pass.log().begin_session(pass.account(), origin_of_process(), pass.now()));
  TESSERA_CHECK(write_file(o.output, token + "\n", {.force = o.force, .mode = 0600}));
  say_note(fmt::format("session of {} minutes; end it with 'tessera access logout'",
                       pass.log().levels().rules.session_minutes));
  return kDone;
}

Result<int> logout(const SignInOptions& o) {
  if (o.gate.session().empty()) return Error{ErrorCode::usage, "logout needs --session", ""};
  TESSERA_TRY(const Pass pass, o.gate.sign_in(o.registry));
  TESSERA_TRY(const std::string token, read_password(o.gate.session()));
  TESSERA_CHECK(pass.log().end_session(token, pass.now()));
  std::remove(o.gate.session().c_str());
  return kDone;
}

Result<int> password(const SignInOptions& o) {
  TESSERA_TRY(const Pass pass, o.gate.sign_in(o.registry));
  TESSERA_TRY(std::string word, read_password(o.new_password));
  const auto done = pass.log().set_password(pass.account(), word, false, pass.account(),
                                            access::Work::interactive, pass.now());
  wipe({reinterpret_cast<std::uint8_t*>(word.data()), word.size()});
  if (!done) return done.error();
  say_note("password changed; all sessions of this account have ended");
  return kDone;
}

void add_init(CLI::App& group, Action& chosen) {
  auto o = std::make_shared<InitOptions>();
  CLI::App* verb = group.add_subcommand("init", "give a registry accounts, and make the first");
  verb->add_option("--registry", o->registry, "registry")->required();
  verb->add_option("--account", o->account, "account of the first level 1 user, a person's own")
      ->required();
  verb->add_option("--holder", o->holder, "that person's first and last name")->required();
  verb->add_option("--new-password-file", o->password, "file or descriptor with the password")
      ->required();
  verb->add_option("--form", o->form, "number of the signed Login Request Form")->required();
  verb->add_option("--approver", o->approver, "who approved: the official who answers for the data")
      ->required();
  o->gate.add_clock_to(*verb);
  verb->footer(
      "Example:\n  tessera access init --registry state.db --account e.marsh --holder 'Edna "
      "Marsh' \\\n    --new-password-file pw --form LRF-2027-001 --approver 'Maria Chief'\n"
      "From then on every verb that reads or changes this registry asks who is asking and what "
      "for.\nThere is no way back. Exit status: 0 done, 2 usage, 3 io, 5 no signing key, 6 has "
      "accounts.");
  verb->callback([&chosen, o] { chosen = [o] { return init(*o); }; });
}

}  // namespace
}  // namespace access_verb

void add_access(CLI::App& root, Action& chosen) {
  using namespace access_verb;
  CLI::App* group =
      add_group(root, "access", "who may do what with a registry", "tessera access levels");
  add_init(*group, chosen);
  auto in = std::make_shared<SignInOptions>();
  CLI::App* verb = group->add_subcommand("login", "sign in once and get a session file");
  verb->add_option("--registry", in->registry, "registry")->required();
  verb->add_option("-o,--output", in->output, "session file to write, mode 0600")->required();
  verb->add_flag("--force", in->force, "replace an existing file");
  in->gate.add_identity_to(*verb);
  verb->footer(
      "Example:\n  tessera access login --registry state.db --as j.doe --password-file pw -o s\n"
      "Exit status: 0 done, 6 refused.");
  verb->callback([&chosen, in] { chosen = [in] { return login(*in); }; });
  auto out = std::make_shared<SignInOptions>();
  verb = group->add_subcommand("logout", "end a session and remove its file");
  verb->add_option("--registry", out->registry, "registry")->required();
  out->gate.add_identity_to(*verb);
  verb->footer("Example:\n  tessera access logout --registry state.db --session s");
  verb->callback([&chosen, out] { chosen = [out] { return logout(*out); }; });
  auto pw = std::make_shared<SignInOptions>();
  verb = group->add_subcommand("password", "change your password; ends all your sessions");
  verb->add_option("--registry", pw->registry, "registry")->required();
  verb->add_option("--new-password-file", pw->new_password, "file or descriptor with the new one")
      ->required();
  pw->gate.add_identity_to(*verb);
  verb->footer(
      "Example:\n  tessera access password --registry state.db --as j.doe --password-file old "
      "--new-password-file new");
  verb->callback([&chosen, pw] { chosen = [pw] { return password(*pw); }; });
  add_access_changes(*group, chosen);
  add_access_reports(*group, chosen);
}

}  // namespace tessera::cli
