// The matchers by name.
#include "cli/matcher_option.h"

#include "matchers/dice.h"
#include "matchers/exact.h"
#include "matchers/fellegi_sunter.h"

namespace tessera::cli {

void MatcherOption::add_to(CLI::App& verb) {
  verb.add_option("--matcher", name_,
                  "fellegi-sunter (a model), dice (a threshold) or exact (tags)")
      ->check(CLI::IsMember({kModel, "dice", "exact"}))
      ->capture_default_str();
  verb.add_option("--model", model_, "fellegi-sunter: model file (default: the shipped model)");
  verb.add_option("--dice-least", dice_least_,
                  "dice: how much of their values two records share at least, such as 0.85")
      ->check(CLI::Range(0.01, 1.0));
  verb.add_option("--exact-pass", exact_passes_, "exact: a pass whose shared tag is a link")
      ->take_all();
}

Result<std::unique_ptr<link::Matcher>> MatcherOption::make() const {
  if ((name_ != kModel && !model_.empty()) || (name_ != "dice" && dice_least_ > 0) ||
      (name_ != "exact" && !exact_passes_.empty()))
    return Error{ErrorCode::usage,
                 "--model is for --matcher fellegi-sunter, --dice-least for dice, --exact-pass for "
                 "exact",
                 ""};
  if (name_ == "dice") {
    if (dice_least_ <= 0)
      return Error{ErrorCode::usage, "--matcher dice needs --dice-least, such as 0.85", ""};
    return matchers::dice_threshold(dice_least_);
  }
  if (name_ == "exact") {
    if (exact_passes_.empty())
      return Error{ErrorCode::usage,
                   "--matcher exact needs --exact-pass; 'tessera schema digest' lists the passes",
                   ""};
    return matchers::exact_tags(exact_passes_);
  }
  TESSERA_TRY(const matchers::Model model, matchers::load_model(model_));
  return matchers::fellegi_sunter(model);
}

}  // namespace tessera::cli
