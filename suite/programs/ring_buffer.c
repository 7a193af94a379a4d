// Two producers and two consumers over one bounded ring (mutex, two conditions). What each producer
// sent must reach every consumer in the order of sending, and nothing may be lost or doubled. The
// counts are thread-local: each thread has a block of its own, initialised by the linker's code.
#include "common.h"

enum { CAPACITY = 4, PRODUCERS = 2, CONSUMERS = 2 };

static struct {
  struct mutex mutex;
  struct condition not_empty, not_full;
  uint64_t items[CAPACITY];
  size_t head, count;
  uint32_t open;  // producers that still send
} ring = {.open = PRODUCERS};

static uint32_t items_each;
static _Atomic uint64_t received, sum;
static _Atomic uint32_t disorder;

static _Thread_local uint64_t my_sum = 1000;  // not 0: the block must be initialised, not cleared
static _Thread_local uint32_t my_count;
static _Thread_local uint32_t last_seen[PRODUCERS];

static void send(uint64_t item) {
  lock(&ring.mutex);
  while (ring.count == CAPACITY) await(&ring.not_full, &ring.mutex);
  ring.items[(ring.head + ring.count++) % CAPACITY] = item;
  unlock(&ring.mutex);
  signal(&ring.not_empty, 1);
}
static bool receive(uint64_t *item) {
  lock(&ring.mutex);
  while (ring.count == 0 && ring.open) await(&ring.not_empty, &ring.mutex);
  const bool got = ring.count != 0;
  if (got) {
    *item = ring.items[ring.head];
    ring.head = (ring.head + 1) % CAPACITY;
    ring.count--;
  }
  unlock(&ring.mutex);
  if (got) signal(&ring.not_full, 1);
  return got;
}

static void produce(void *argument) {
  const uint64_t producer = (uintptr_t)argument;
  for (uint32_t i = 1; i <= items_each; i++) send(producer << 32 | i);
  lock(&ring.mutex);
  ring.open--;
  unlock(&ring.mutex);
  signal(&ring.not_empty, ~0u);
}
static void consume(void *argument) {
  (void)argument;
  uint64_t item;
  while (receive(&item)) {
    const uint32_t producer = (uint32_t)(item >> 32), number = (uint32_t)item;
    if (number <= last_seen[producer]) atomic_fetch_add(&disorder, 1);
    last_seen[producer] = number;
    my_sum += number;
    my_count++;
  }
  atomic_fetch_add(&sum, my_sum - 1000);
  atomic_fetch_add(&received, my_count);
}

__attribute__((export_name("_start"))) void program(void) {
  static struct thread threads[PRODUCERS + CONSUMERS - 1];
  items_each = size_argument(250);
  for (size_t i = 0; i < CONSUMERS; i++) start(&threads[i], consume, NULL);
  start(&threads[CONSUMERS], produce, (void *)1);
  produce((void *)0);
  for (size_t i = 0; i < PRODUCERS + CONSUMERS - 1; i++) join(&threads[i]);
  const uint64_t want = (uint64_t)items_each * (items_each + 1) / 2 * PRODUCERS;
  finish("ring_buffer", items_each, sum,
         sum == want && received == (uint64_t)items_each * PRODUCERS && disorder == 0);
}
