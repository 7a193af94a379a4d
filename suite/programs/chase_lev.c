// The queens of an N x N board counted by four threads that steal from each other: a deque of Chase
// and Lev for each (fences and relaxed atomics as in Le, Pop, Cohen, Zappa Nardelli, PPoPP 2013, of
// fixed size), idle threads asleep on an event count. A lost or doubled task changes the count.
#include "common.h"

enum { CAPACITY = 16, THREADS = 4 };

// A task: the queens so far, as masks of columns and both diagonals, and the row from 1; never 0.
typedef uint64_t task;
#define TASK(columns, left, right, row) \
  ((task)(columns) | (task)(left) << 16 | (task)(right) << 32 | (task)(row) << 48)

struct deque {
  _Atomic int32_t top, bottom;
  _Atomic task items[CAPACITY];
};
static struct deque deques[THREADS];
static _Atomic uint32_t unfinished;  // tasks that exist
static _Atomic uint32_t solutions;
static _Atomic uint32_t sleepers, events;
static uint32_t board;

static bool push(struct deque *deque, task item) {
  const int32_t bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed);
  const int32_t top = atomic_load_explicit(&deque->top, memory_order_acquire);
  if (bottom - top >= CAPACITY) return false;
  atomic_store_explicit(&deque->items[bottom % CAPACITY], item, memory_order_relaxed);
  atomic_thread_fence(memory_order_release);
  atomic_store_explicit(&deque->bottom, bottom + 1, memory_order_relaxed);
  return true;
}
static task take(struct deque *deque) {
  const int32_t bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed) - 1;
  atomic_store_explicit(&deque->bottom, bottom, memory_order_relaxed);
  atomic_thread_fence(memory_order_seq_cst);
  int32_t top = atomic_load_explicit(&deque->top, memory_order_relaxed);
  task item = 0;
  if (top <= bottom) {
    item = atomic_load_explicit(&deque->items[bottom % CAPACITY], memory_order_relaxed);
    if (top != bottom) return item;
    if (!atomic_compare_exchange_strong_explicit(&deque->top, &top, top + 1, memory_order_seq_cst,
                                                 memory_order_relaxed))
      item = 0;
  }
  atomic_store_explicit(&deque->bottom, bottom + 1, memory_order_relaxed);
  return item;
}
static task steal(struct deque *deque) {
  int32_t top = atomic_load_explicit(&deque->top, memory_order_acquire);
  atomic_thread_fence(memory_order_seq_cst);
  const int32_t bottom = atomic_load_explicit(&deque->bottom, memory_order_acquire);
  if (top >= bottom) return 0;
  const task item = atomic_load_explicit(&deque->items[top % CAPACITY], memory_order_relaxed);
  return atomic_compare_exchange_strong_explicit(&deque->top, &top, top + 1, memory_order_seq_cst,
                                                 memory_order_relaxed)
             ? item
             : 0;
}

static void wake_sleepers(uint32_t count) {
  if (atomic_load(&sleepers) == 0) return;
  atomic_fetch_add(&events, 1);
  wake(&events, count);
}

static void execute(size_t me, task item) {
  const uint32_t columns = item & 0xffff, left = item >> 16 & 0xffff, right = item >> 32 & 0xffff;
  const uint32_t row = (uint32_t)(item >> 48), all = (1u << board) - 1;
  if (row > board) atomic_fetch_add(&solutions, 1);
  for (uint32_t open = row > board ? 0 : all & ~(columns | left | right); open; open &= open - 1) {
    const uint32_t queen = open & -open;
    const task next =
        TASK(columns | queen, ((left | queen) << 1) & all, (right | queen) >> 1, row + 1);
    atomic_fetch_add(&unfinished, 1);
    if (push(&deques[me], next))
      wake_sleepers(1);
    else
      execute(me, next);  // the deque is full
  }
  if (atomic_fetch_sub(&unfinished, 1) == 1) wake_sleepers(~0u);
}

static task find(size_t me) {
  task item = take(&deques[me]);
  for (size_t i = 1; i < THREADS && !item; i++) item = steal(&deques[(me + i) % THREADS]);
  return item;
}
static void work(void *argument) {
  const size_t me = (uintptr_t)argument;
  while (atomic_load(&unfinished)) {
    task item = find(me);
    if (!item) {  // announce, look again, and only then sleep: what came between changed `events`
      atomic_fetch_add(&sleepers, 1);
      const uint32_t before = atomic_load(&events);
      item = find(me);
      if (!item && atomic_load(&unfinished)) wait_while(&events, before);
      atomic_fetch_sub(&sleepers, 1);
    }
    if (item) execute(me, item);
  }
}

__attribute__((export_name("_start"))) void program(void) {
  static const uint32_t known[] = {1, 1, 0, 0, 2, 10, 4, 40, 92, 352, 724};
  static struct thread threads[THREADS - 1];
  board = size_argument(6);
  if (board > 10) wasi_proc_exit(66);
  unfinished = 1;
  push(&deques[0], TASK(0, 0, 0, 1));
  for (size_t i = 1; i < THREADS; i++) start(&threads[i - 1], work, (void *)i);
  work((void *)0);
  for (size_t i = 1; i < THREADS; i++) join(&threads[i - 1]);
  finish("chase_lev", board, solutions, solutions == known[board]);
}
