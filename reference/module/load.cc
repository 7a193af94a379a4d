// Bytes to a module that can be instantiated: decode, validate, lower.
#include "reference/module/decode.h"
#include "reference/module/lower.h"
#include "reference/module/validate.h"

namespace weft::module {

tl::expected<std::shared_ptr<const Module>, ModuleError> load_module(Bytes binary,
                                                                     const Language& language) {
  auto decoded = decode(std::move(binary), language);
  if (!decoded) return tl::unexpected(decoded.error());
  if (auto error = validate(*decoded)) return tl::unexpected(*error);
  auto code = lower(*decoded);
  if (!code) {
    code.error().refused = true;  // only our own limits end up here
    return tl::unexpected(code.error());
  }
  decoded->code = std::move(*code);
  return std::make_shared<const Module>(std::move(*decoded));
}

}  // namespace weft::module
