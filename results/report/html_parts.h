// Pieces of HTML that every page of the report is made of, and where pages stand: in a folder, each
// in a file, or all in one file as sections. Knows no runs.
#pragma once

#include <string>

#include "results/verdict.h"

namespace weft::results {

// Text escaped for HTML, capped.
std::string esc(const std::string& text);

// Where pages stand, as seen from one of them.
struct Site {
  bool one_file = false;
  std::string up;  // in a folder: "" or "../"

  std::string run() const;
  std::string tests() const;
  std::string requirements() const;
  std::string test(const std::string& id) const;
  std::string requirement(const std::string& id) const;
  // The list of tests with its filter box set; needs the script, without it the whole list.
  std::string filtered(const std::string& words, const std::string& text) const;

  // The page's file below the folder (folder form), and its section (one file).
  static std::string file_of_test(const std::string& id);
  static std::string section_of_test(const std::string& id);
};

// passed, failed, skipped, other: the CSS class of a verdict.
std::string class_of(Verdict verdict);
// <td> with letter and name.
std::string cell(Verdict verdict, bool host, bool not_run = false);
inline constexpr char kNoCell[] = "<td class=\"v dim\">-</td>";

// <span> with letter and name.
std::string badge(Verdict verdict);

// A filter box for the rows of the table below it.
std::string filter_box(const std::string& what);

}  // namespace weft::results
