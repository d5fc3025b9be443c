#include "matchers/exact.h"

#include <algorithm>

#include <fmt/format.h>

namespace tessera::matchers {
namespace {

class ExactTags final : public link::Matcher {
 public:
  explicit ExactTags(std::vector<std::string> passes) : passes_(std::move(passes)) {}

  Result<link::Fit> fit(const schema::Schema& schema, std::span<const link::Comparator> comparators,
                        std::span<const link::PassCounts> counts,
                        const link::RunSize&) const override {
    for (const std::string& name : passes_)
      if (std::ranges::find(schema.passes, name, &schema::Pass::name) == schema.passes.end())
        return Error{
            ErrorCode::usage,
            fmt::format("the schema has no pass '{}'; 'tessera schema digest' lists them", name),
            ""};
    link::Fit out;
    for (std::size_t p = 0; p < comparators.size(); ++p) {
      const bool links = std::ranges::find(passes_, schema.passes[p].name) != passes_.end();
      out.logit.emplace_back(comparators[p].patterns(), links ? link::kSurest : -link::kSurest);
      out.expected_matches.push_back(links ? static_cast<double>(counts[p].compared) : 0);
      out.evidence.emplace_back();
    }
    return out;
  }
  double automatic() const override { return 0.9; }
  double review() const override { return 0.5; }

 private:
  std::vector<std::string> passes_;
};

}  // namespace

std::unique_ptr<link::Matcher> exact_tags(std::vector<std::string> passes) {
  return std::make_unique<ExactTags>(std::move(passes));
}

}  // namespace tessera::matchers
