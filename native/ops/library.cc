#include "ops/schemas.h"

TORCH_LIBRARY(fep, library) {
  fep::declare_operators(library);
}
