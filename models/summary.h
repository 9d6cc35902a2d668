#pragma once

#include <gradus/models/model.h>

#include <string>

namespace gradus {

// The table that Keras prints of a model's layers. ValueError for a line shorter than 40 characters.
std::string summary_text(const Model& model, SummaryOptions options = {});

}  // namespace gradus
