// What the C programs share in place of a C library: the imports, the entry of a thread, mutex and
// condition on wait and notify, one line of output. Built without wasi-libc (build.py); the stack
// pointer, thread-local storage and the copying of data segments are the compiler's and the
// linker's, which is what these programs are for.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

struct wasi_vector {
  const void *bytes;
  size_t size;
};
IMPORT("wasi_snapshot_preview1", "fd_write")
int wasi_fd_write(int descriptor, const struct wasi_vector *vectors, size_t count, size_t *written);
IMPORT("wasi_snapshot_preview1", "args_sizes_get") int wasi_args_sizes_get(size_t *n, size_t *size);
IMPORT("wasi_snapshot_preview1", "args_get") int wasi_args_get(char **arguments, char *text);
IMPORT("wasi_snapshot_preview1", "proc_exit") _Noreturn void wasi_proc_exit(uint32_t code);
IMPORT("wasi", "thread-spawn") int32_t wasi_thread_spawn(void *argument);

// --- Threads -------------------------------------------------------------------------------------

enum { STACK_SIZE = 8192, TLS_SIZE = 256 };

struct thread {
  void *stack_top;  // read by the assembly below: must stay first and second
  void *tls;
  void (*function)(void *);
  void *argument;
  _Atomic uint32_t done;
  _Alignas(16) char tls_block[TLS_SIZE];
  _Alignas(16) char stack[STACK_SIZE];
};

// The entry of a thread: no C may run before the stack pointer is the thread's own, since every
// instance starts with the main thread's.
__asm__(
    ".globaltype __stack_pointer, i32\n"
    ".functype __wasm_init_tls (i32) -> ()\n"
    ".functype thread_main (i32) -> ()\n"
    ".globl wasi_thread_start\n"
    ".export_name wasi_thread_start, wasi_thread_start\n"
    ".type wasi_thread_start,@function\n"
    "wasi_thread_start:\n"
    "  .functype wasi_thread_start (i32, i32) -> ()\n"
    "  local.get 1\n"
    "  i32.load 0\n"
    "  global.set __stack_pointer\n"
    "  local.get 1\n"
    "  i32.load 4\n"
    "  call __wasm_init_tls\n"
    "  local.get 1\n"
    "  call thread_main\n"
    "  end_function\n");

static void wait_while(_Atomic uint32_t *word, uint32_t value) {
  __builtin_wasm_memory_atomic_wait32((int *)word, (int)value, -1);
}
static void wake(_Atomic uint32_t *word, uint32_t count) {
  __builtin_wasm_memory_atomic_notify((int *)word, count);
}

__attribute__((used)) void thread_main(struct thread *thread) {
  thread->function(thread->argument);
  atomic_store(&thread->done, 1);
  wake(&thread->done, ~0u);
}

// Ends the program with 90 ("no thread to be had") where the runtime has none.
static void start(struct thread *thread, void (*function)(void *), void *argument) {
  thread->stack_top = thread->stack + STACK_SIZE;
  thread->tls = thread->tls_block;
  thread->function = function;
  thread->argument = argument;
  if (wasi_thread_spawn(thread) < 0) wasi_proc_exit(90);
}
static void join(struct thread *thread) {
  while (!atomic_load(&thread->done)) wait_while(&thread->done, 0);
}

// --- Mutex and condition -------------------------------------------------------------------------

struct mutex {
  _Atomic uint32_t state;  // 0 free, 1 held, 2 held and somebody may wait
};
__attribute__((unused)) static void lock(struct mutex *mutex) {
  uint32_t seen = 0;
  if (atomic_compare_exchange_strong(&mutex->state, &seen, 1)) return;
  while (atomic_exchange(&mutex->state, 2) != 0) wait_while(&mutex->state, 2);
}
__attribute__((unused)) static void unlock(struct mutex *mutex) {
  if (atomic_exchange(&mutex->state, 0) == 2) wake(&mutex->state, 1);
}

struct condition {
  _Atomic uint32_t signals;  // a waiter sleeps only while this is what it was under the mutex
};
__attribute__((unused)) static void await(struct condition *condition, struct mutex *mutex) {
  const uint32_t before = atomic_load(&condition->signals);
  unlock(mutex);
  wait_while(&condition->signals, before);
  lock(mutex);
}
__attribute__((unused)) static void signal(struct condition *condition, uint32_t count) {
  atomic_fetch_add(&condition->signals, 1);
  wake(&condition->signals, count);
}

// --- Argument and output -------------------------------------------------------------------------

// The first argument as a number, or `otherwise`.
static uint32_t size_argument(uint32_t otherwise) {
  static char *arguments[8];
  static char text[256];
  size_t count = 0, size = 0;
  wasi_args_sizes_get(&count, &size);
  if (count < 2 || count > 8 || size > sizeof text) return otherwise;
  wasi_args_get(arguments, text);
  uint32_t value = 0;
  for (const char *p = arguments[1]; *p >= '0' && *p <= '9'; p++) value = value * 10 + (*p - '0');
  return value;
}

// "NAME n=N sum=SUM ok", or WRONG and exit code 65.
static void finish(const char *name, uint32_t n, uint64_t sum, bool right) {
  static char line[128];
  size_t at = 0;
  const char *words[] = {name, " n=", 0, " sum=", 0, right ? " ok\n" : " WRONG\n"};
  const uint64_t numbers[] = {n, sum};
  for (size_t i = 0, number = 0; i < 6; i++) {
    if (words[i]) {
      for (const char *p = words[i]; *p; p++) line[at++] = *p;
      continue;
    }
    char digits[20];
    size_t length = 0;
    uint64_t rest = numbers[number++];
    do digits[length++] = (char)('0' + rest % 10);
    while (rest /= 10);
    while (length) line[at++] = digits[--length];
  }
  const struct wasi_vector vector = {line, at};
  size_t written;
  wasi_fd_write(1, &vector, 1, &written);
  if (!right) wasi_proc_exit(65);
}

// A small generator of numbers, the same on every engine.
__attribute__((unused)) static uint64_t next_number(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}
