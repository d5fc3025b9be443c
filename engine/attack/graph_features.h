// What a node of a similarity graph looks like, in numbers that stay what they are, but for noise,
// in a part of the graph: means, and shares of the other nodes. No key is needed.
//
// Source: what differs little within a person and much between persons weighs most, Fisher, "The
// use of multiple measurements in taxonomic problems" (1936).
#pragma once

#include <Eigen/Dense>

#include "engine/attack/similarity.h"

namespace tessera::attack {

using GraphTable = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr Eigen::Index idx(std::size_t i) { return static_cast<Eigen::Index>(i); }

// Each column with mean 0 and variance 1; one that does not vary is 0.
void standardise(GraphTable& table);

// A row for each node: quantiles, mean and deviation of its similarities, the three largest; and
// the same of its surroundings, averaged over the nearest ten and over some shares of the nodes.
// Standardised.
GraphTable graph_features(const Similarity& side);

// The attacker rehearses: draws as many of its own people as the victim has (four fifths at most),
// and sees by how much a person's features differ from those it has among all. Returns the square
// matrix by which features are multiplied so that such differences are as large in every
// direction. `among_all`: graph_features(attacker). Deterministic.
GraphTable rehearse(const Similarity& attacker, const GraphTable& among_all, std::size_t victims);

}  // namespace tessera::attack
