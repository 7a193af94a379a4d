// The pages of the HTML report, each as the inside of its <main>. One pass over a run each; judges
// nothing.
#pragma once

#include <string>

#include "results/report/html.h"
#include "results/report/html_parts.h"

namespace weft::results {

std::string first_page(const HtmlInput& in, const Site& site);
std::string matrix_page(const HtmlInput& in, const Site& site);
std::string requirements_page(const HtmlInput& in, const Site& site);
// `test` may be null: the suite has gone, the results stay.
std::string test_page(const HtmlInput& in, const std::string& id, const suite::Test* test,
                      const Site& site);

}  // namespace weft::results
