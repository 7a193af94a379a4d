// The subcommands of weft: each in a file of its own (`cmd_NAME.cc`), listed in weft_main.cc.
#pragma once

#include <string>
#include <vector>

namespace weft::cli {

// Arguments without program and command name; returns the exit code (docs/exit-codes.md).
using CommandFunction = int (*)(const std::vector<std::string>& args);

int cmd_bench(const std::vector<std::string>& args);
int cmd_exec(const std::vector<std::string>& args);
int cmd_explore(const std::vector<std::string>& args);
int cmd_model(const std::vector<std::string>& args);
int cmd_litmus(const std::vector<std::string>& args);
int cmd_run(const std::vector<std::string>& args);
int cmd_diff(const std::vector<std::string>& args);
int cmd_expect(const std::vector<std::string>& args);
int cmd_report(const std::vector<std::string>& args);
int cmd_build(const std::vector<std::string>& args);
int cmd_explain(const std::vector<std::string>& args);
int cmd_programs(const std::vector<std::string>& args);
int cmd_list(const std::vector<std::string>& args);
int cmd_runtimes(const std::vector<std::string>& args);
int cmd_wast(const std::vector<std::string>& args);

// Folder with suite/, runners/runtimes/, ...: ${WEFT_HOME}, else the clone or the installed
// share/weft that the binary belongs to.
std::string home_folder();

}  // namespace weft::cli
