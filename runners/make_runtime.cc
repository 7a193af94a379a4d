// The one place that knows every kind of runtime.
#include "runners/cli_runtime.h"
#include "runners/descriptor.h"
#include "runners/host_runtime.h"
#include "runners/reference_runtime.h"

namespace weft::runners {

std::unique_ptr<Runtime> make_runtime(const Described& runtime) {
  if (runtime.info.kind == "host") return make_host_runtime(runtime);
  if (runtime.info.kind == "reference") return make_reference_runtime(runtime);
  if (runtime.info.kind != "cli") {
    Described missing = runtime;
    missing.info.found = false;
    missing.info.how_to_get = "this build of weft has no runtimes of kind " + runtime.info.kind;
    return make_cli_runtime(missing);
  }
  return make_cli_runtime(runtime);
}

}  // namespace weft::runners
