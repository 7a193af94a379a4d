// Lowering of v128 instructions.
#include "reference/module/lower_function.h"

namespace weft::module {

void FunctionLowering::simd(uint32_t) { refusal_ = "v128 instructions are not lowered yet"; }

}  // namespace weft::module
