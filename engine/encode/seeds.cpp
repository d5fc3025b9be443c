// Offline: one HMAC. With services: a look-up of what they answered.
#include "engine/encode/seeds.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "engine/core/secret.h"

namespace tessera::encode {
namespace {

class OfflineReader final : public SeedReader {
 public:
  OfflineReader(const schema::Schema& schema, keys::Hmac offline)
      : schema_(schema), offline_(std::move(offline)) {
    for (const schema::Pass& p : schema.passes) {
      Bytes& label = labels_.emplace_back();
      append_sized(label, "tessera block 1");
      append_sized(label, schema.epoch);
      append_sized(label, p.name);
    }
  }

  keys::Mac block(std::size_t pass, std::string_view value) override {
    message_ = labels_[pass];
    append_sized(message_, value);
    return offline_(message_);
  }
  keys::Mac ssn(std::string_view digits) override {
    message_.clear();
    append_sized(message_, "tessera ssn 1");
    append_sized(message_, schema_.epoch);
    append_sized(message_, digits);
    return offline_(message_);
  }

 private:
  const schema::Schema& schema_;
  keys::Hmac offline_;
  std::vector<Bytes> labels_;  // per pass: how the messages behind its keys begin
  Bytes message_;
};

}  // namespace

OfflineSeeds::OfflineSeeds(const schema::Schema& schema, const keys::ProjectKey& key)
    : schema_(schema), offline_(key.offline.reveal()) {}

std::unique_ptr<SeedReader> OfflineSeeds::reader() const {
  return std::make_unique<OfflineReader>(schema_, offline_.clone());
}

class ServiceReader final : public SeedReader {
 public:
  explicit ServiceReader(const ServiceSeeds& seeds) : seeds_(seeds) {}

  keys::Mac block(std::size_t pass, std::string_view value) override {
    const std::size_t key = seeds_.key_of_pass_[pass];
    if (key != ServiceSeeds::kOnSsn) return first_half(seeds_.find(key, value));
    // The block key of such a pass is the SSN's digits after their length; the seed comes from
    // their value, so that no second evaluation is asked for.
    const std::string_view digits = value.substr(value.find(':') + 1);
    const ServiceSeeds::Output& x = seeds_.find(seeds_.ssn_key_, digits);
    message_.clear();
    append_sized(message_, "tessera ssn pass 1");
    append_sized(message_, seeds_.schema_.passes[pass].name);
    return keys::Hmac(x)(message_);
  }
  keys::Mac ssn(std::string_view digits) override {
    return first_half(seeds_.find(seeds_.ssn_key_, digits));
  }

 private:
  static keys::Mac first_half(const ServiceSeeds::Output& output) {
    keys::Mac out;
    std::memcpy(out.data(), output.data(), out.size());
    return out;
  }
  const ServiceSeeds& seeds_;
  Bytes message_;
};

ServiceSeeds::ServiceSeeds(const schema::Schema& schema, std::vector<KeyInputs> inputs,
                           std::vector<std::vector<Output>> outputs)
    : schema_(schema), inputs_(std::move(inputs)), outputs_(std::move(outputs)) {
  const auto number = [&](std::string_view key) {
    const auto at = std::ranges::find(inputs_, key, &KeyInputs::key);
    return at == inputs_.end() ? kOnSsn : static_cast<std::size_t>(at - inputs_.begin());
  };
  for (const schema::Pass& p : schema_.passes) key_of_pass_.push_back(number(p.name));
  ssn_key_ = number(schema::kSsnKey);
}

ServiceSeeds::~ServiceSeeds() {
  for (std::vector<Output>& all : outputs_)
    for (Output& o : all) wipe(o);
}

std::unique_ptr<SeedReader> ServiceSeeds::reader() const {
  return std::make_unique<ServiceReader>(*this);
}

const ServiceSeeds::Output& ServiceSeeds::find(std::size_t key, std::string_view value) const {
  const std::vector<std::string>& values = inputs_[key].values;
  const auto at = std::ranges::lower_bound(
      values, value, {}, [](const std::string& s) { return std::string_view(s); });
  // Not among them: the records are not those the inputs came from, and a made-up seed would be
  // worse than stopping.
  if (at == values.end() || *at != value) std::abort();
  return outputs_[key][static_cast<std::size_t>(at - values.begin())];
}

}  // namespace tessera::encode
