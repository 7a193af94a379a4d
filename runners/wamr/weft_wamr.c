// weft's runner for WAMR: runs one WASI command module through wasm_export.h and says how it ended.
// Exit code: the guest's own; 1 for a trap or a refusal, with the engine's text on standard error.
// Writes nothing of its own to standard output. `--status-file F` tells them apart:
// {"exit": n}, {"trap": kind} or {"reject": stage}.
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wasm_export.h"

enum { kMaxItems = 256 };

struct options {
  const char* module;
  const char* status_file;
  const char* dirs[kMaxItems];  // "guest::host"
  uint32_t dir_count;
  const char* env[kMaxItems];
  uint32_t env_count;
  uint32_t max_threads;
  uint32_t stack_size;
  char** argv;  // of the guest
  int argc;
};

// The engine's texts (a part of each suffices) and the specification's names of the traps.
static const struct {
  const char* text;
  const char* kind;
} kTraps[] = {
    {"unreachable", "unreachable"},
    {"out of bounds memory access", "out of bounds memory access"},
    {"out of bounds table access", "out of bounds table access"},
    {"unaligned atomic", "unaligned atomic"},
    {"expected shared memory", "expected shared memory"},
    {"integer divide by zero", "integer divide by zero"},
    {"integer overflow", "integer overflow"},
    {"invalid conversion to integer", "invalid conversion to integer"},
    {"undefined element", "undefined element"},
    {"uninitialized element", "uninitialized element"},
    {"indirect call type mismatch", "indirect call type mismatch"},
    {"unknown function", "undefined element"},
    {"stack overflow", "call stack exhausted"},
};

static int usage(const char* what) {
  fprintf(
      stderr,
      "weft-wamr: %s\nusage: weft-wamr [--status-file F] [--max-threads N] [--stack-size BYTES] "
      "[--env K=V]... [--dir HOST::GUEST]... MODULE [ARGS]...\n",
      what);
  return 2;
}

static void write_status(const struct options* options, const char* key, const char* text,
                         uint32_t code) {
  if (!options->status_file) return;
  FILE* file = fopen(options->status_file, "w");
  if (!file) return;
  if (text) {
    fprintf(file, "{\"%s\": \"%s\"}\n", key, text);
  } else {
    fprintf(file, "{\"%s\": %" PRIu32 "}\n", key, code);
  }
  fclose(file);
}

// What is written is ours: a kind from the table, or nothing that could break the JSON.
static const char* kind_of(const char* exception) {
  for (size_t i = 0; i < sizeof kTraps / sizeof kTraps[0]; ++i) {
    if (strstr(exception, kTraps[i].text)) return kTraps[i].kind;
  }
  return NULL;
}

static int trapped(const struct options* options, const char* exception) {
  const char* kind = kind_of(exception);
  fflush(stdout);
  fprintf(stderr, "%s\n", exception);
  write_status(options, "trap", kind ? kind : "", 0);
  return 1;
}

static int rejected(const struct options* options, const char* stage, const char* why) {
  fprintf(stderr, "%s\n", why);
  write_status(options, "reject", stage, 0);
  return 1;
}

// "HOST::GUEST" as the engine wants it.
static const char* guest_first(const char* text) {
  const char* colons = strstr(text, "::");
  if (!colons) return NULL;
  const size_t host = (size_t)(colons - text);
  const size_t size = strlen(text) + 1;
  char* turned = malloc(size);
  if (turned) snprintf(turned, size, "%s::%.*s", colons + 2, (int)host, text);
  return turned;
}

static bool parse_number(const char* text, uint32_t* number) {
  char* end = NULL;
  const unsigned long value = strtoul(text, &end, 10);
  if (!*text || *end || value == 0 || value > UINT32_MAX) return false;
  *number = (uint32_t)value;
  return true;
}

// 0, or an exit code.
static int parse(int argc, char** argv, struct options* options) {
  int at = 1;
  for (; at < argc && strncmp(argv[at], "--", 2) == 0; ++at) {
    const char* name = argv[at];
    if (++at == argc) return usage("an option has no value");
    const char* value = argv[at];
    if (strcmp(name, "--status-file") == 0) {
      options->status_file = value;
    } else if (strcmp(name, "--max-threads") == 0) {
      if (!parse_number(value, &options->max_threads)) return usage("--max-threads: not a number");
    } else if (strcmp(name, "--stack-size") == 0) {
      if (!parse_number(value, &options->stack_size)) return usage("--stack-size: not a number");
    } else if (strcmp(name, "--env") == 0) {
      if (options->env_count == kMaxItems) return usage("too many --env");
      options->env[options->env_count++] = value;
    } else if (strcmp(name, "--dir") == 0) {
      if (options->dir_count == kMaxItems) return usage("too many --dir");
      const char* turned = guest_first(value);
      if (!turned) return usage("--dir: expected HOST::GUEST");
      options->dirs[options->dir_count++] = turned;
    } else {
      return usage("unknown option");
    }
  }
  if (at == argc) return usage("a module is missing");
  options->module = argv[at];
  options->argv = argv + at;
  options->argc = argc - at;
  return 0;
}

static uint8_t* read_module(const char* path, uint32_t* size) {
  FILE* file = fopen(path, "rb");
  if (!file) return NULL;
  uint8_t* bytes = NULL;
  if (fseek(file, 0, SEEK_END) == 0) {
    const long length = ftell(file);
    rewind(file);
    bytes = length >= 0 ? malloc((size_t)length + 1) : NULL;
    if (bytes && fread(bytes, 1, (size_t)length, file) == (size_t)length) {
      *size = (uint32_t)length;
    } else {
      free(bytes);
      bytes = NULL;
    }
  }
  fclose(file);
  return bytes;
}

// The engine only warns of a missing import and traps at the call; weft wants to know at once.
static bool all_imports_linked(wasm_module_t module, char* why, size_t size) {
  const int32_t count = wasm_runtime_get_import_count(module);
  for (int32_t i = 0; i < count; ++i) {
    wasm_import_t import;
    memset(&import, 0, sizeof import);
    wasm_runtime_get_import_type(module, i, &import);
    if (import.kind != WASM_IMPORT_EXPORT_KIND_FUNC || import.linked) continue;
    snprintf(why, size, "unknown import %s.%s", import.module_name, import.name);
    return false;
  }
  return true;
}

static int run(const struct options* options, wasm_module_t module) {
  char why[256] = "";
  if (!all_imports_linked(module, why, sizeof why)) return rejected(options, "link", why);
  wasm_runtime_set_wasi_args(module, NULL, 0, (const char**)options->dirs, options->dir_count,
                             (const char**)options->env, options->env_count, options->argv,
                             options->argc);
  // Heap size 0: any other value adds a page to the guest's memory.
  wasm_module_inst_t instance =
      wasm_runtime_instantiate(module, options->stack_size, 0, why, sizeof why);
  if (!instance) {
    return kind_of(why) ? trapped(options, why) : rejected(options, "link", why);
  }
  int result = 0;
  const bool ran = wasm_application_execute_main(instance, options->argc, options->argv);
  const char* exception = wasm_runtime_get_exception(instance);
  if (!ran || exception) {
    result = trapped(options, exception ? exception : "Exception: of no known kind");
  } else {
    // Waits for the other threads, which are being ended.
    const uint32_t code = wasm_runtime_get_wasi_exit_code(instance);
    exception = wasm_runtime_get_exception(instance);
    if (exception && !strstr(exception, "wasi proc exit")) {
      result = trapped(options, exception);
    } else {
      write_status(options, "exit", NULL, code);
      result = (int)(code & 255);
    }
  }
  wasm_runtime_deinstantiate(instance);
  return result;
}

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "--version") == 0) {
    uint32_t major = 0, minor = 0, patch = 0;
    wasm_runtime_get_version(&major, &minor, &patch);
    printf("WAMR %" PRIu32 ".%" PRIu32 ".%" PRIu32 " %s interpreter\n", major, minor, patch,
           WEFT_VARIANT);
    return 0;
  }
  struct options options = {.max_threads = 4, .stack_size = 64 * 1024};
  const int wrong = parse(argc, argv, &options);
  if (wrong) return wrong;
  uint32_t size = 0;
  uint8_t* bytes = read_module(options.module, &size);
  if (!bytes) return usage("the module cannot be read");

  RuntimeInitArgs init;
  memset(&init, 0, sizeof init);
  init.mem_alloc_type = Alloc_With_System_Allocator;
  init.max_thread_num = options.max_threads;
  if (!wasm_runtime_full_init(&init)) return usage("the engine cannot be started");
  wasm_runtime_set_log_level(WASM_LOG_LEVEL_FATAL);  // its log goes to standard output
  char why[256] = "";
  wasm_module_t module = wasm_runtime_load(bytes, size, why, sizeof why);
  int result;
  if (module) {
    result = run(&options, module);
    wasm_runtime_unload(module);
  } else {
    result = rejected(&options, "compile", why);
  }
  wasm_runtime_destroy();
  free(bytes);
  return result;
}
