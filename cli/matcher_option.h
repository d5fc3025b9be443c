// Which matcher a linkage runs with: the model, or one of the plain rules beside it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "engine/core/result.h"
#include "engine/link/matcher.h"

namespace tessera::cli {

class MatcherOption {
 public:
  const std::string& model_file() const { return model_; }  // "" for the shipped one
  // Adds --matcher, --model, --dice-least and --exact-pass.
  void add_to(CLI::App& verb);
  // Error usage if a flag does not belong to the matcher chosen.
  Result<std::unique_ptr<link::Matcher>> make() const;
  // Whether its weights can be taken apart, field by field.
  bool explains() const { return name_ == kModel; }

 private:
  static constexpr const char* kModel = "fellegi-sunter";
  std::string name_ = kModel;
  std::string model_;
  double dice_least_ = 0;
  std::vector<std::string> exact_passes_;
};

}  // namespace tessera::cli
