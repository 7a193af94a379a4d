// The module "spectest" that specification scripts import (test/core/README of the specification's
// repository): what the host provides. Its functions print nothing. Knows no commands.
#pragma once

#include "reference/machine/instance.h"

namespace weft::script {

void define_spectest(machine::Imports& imports);

}  // namespace weft::script
