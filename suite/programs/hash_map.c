// A lock-free map: four threads add up a stream of numbers by key. A slot's key is claimed with a
// compare-exchange; its record changes hands whole, by exchange of the pointer, so that plain
// fields are only ever touched by their owner. Records come from a free list whose head carries a
// count in its upper half (the list is popped and pushed by all: without the count it would suffer
// from ABA).
#include "common.h"

enum { SLOTS = 32, KEYS = 20, RECORDS = SLOTS + 16, THREADS = 4 };

struct record {
  _Atomic uint32_t next;  // index + 1 of the next free record
  uint32_t count;         // plain: only the owner of the record reads and writes them
  uint64_t sum;
};
static struct record records[RECORDS];
static struct {
  _Atomic uint32_t key;  // 0: free
  struct record *_Atomic record;
} slots[SLOTS];
static _Atomic uint64_t free_head;  // index + 1 below, number of pops above

static uint32_t rounds;

static void put_back(struct record *record) {
  const uint64_t index = (uint64_t)(record - records) + 1;
  uint64_t head = atomic_load_explicit(&free_head, memory_order_relaxed);
  do atomic_store_explicit(&record->next, (uint32_t)head, memory_order_relaxed);
  while (!atomic_compare_exchange_weak_explicit(&free_head, &head,
                                                (head & 0xffffffff00000000u) | index,
                                                memory_order_release, memory_order_relaxed));
}
static struct record *take(void) {
  uint64_t head = atomic_load_explicit(&free_head, memory_order_acquire);
  for (;;) {
    const uint32_t index = (uint32_t)head;
    if (index == 0) __builtin_trap();  // there are more records than can be in use
    const uint32_t next = atomic_load_explicit(&records[index - 1].next, memory_order_relaxed);
    const uint64_t after = ((head >> 32) + 1) << 32 | next;
    if (atomic_compare_exchange_weak_explicit(&free_head, &head, after, memory_order_acq_rel,
                                              memory_order_acquire))
      return &records[index - 1];
  }
}

static size_t slot_of(uint32_t key) {
  for (size_t i = key * 2654435769u >> 27;; i = (i + 1) % SLOTS) {
    uint32_t seen = atomic_load(&slots[i].key);
    if (seen == 0 && atomic_compare_exchange_strong(&slots[i].key, &seen, key)) return i;
    if (seen == key) return i;
  }
}
static void add(uint32_t key, uint64_t value) {
  const size_t slot = slot_of(key);
  struct record *mine = take();
  mine->count = 1;
  mine->sum = value;
  for (;;) {
    struct record *none = NULL;
    if (atomic_compare_exchange_strong(&slots[slot].record, &none, mine)) return;
    struct record *other = atomic_exchange(&slots[slot].record, NULL);
    if (!other) continue;
    mine->count += other->count;
    mine->sum += other->sum;
    put_back(other);
  }
}

static void work(void *argument) {
  uint64_t state = (uintptr_t)argument;
  for (uint32_t i = 0; i < rounds; i++) {
    const uint64_t value = next_number(&state);
    add((uint32_t)(value % KEYS) + 1, value);
  }
}

__attribute__((export_name("_start"))) void program(void) {
  static struct thread threads[THREADS - 1];
  rounds = size_argument(200);
  for (size_t i = 0; i < RECORDS; i++) put_back(&records[i]);
  for (size_t i = 0; i < THREADS - 1; i++) start(&threads[i], work, (void *)(i + 1));
  work((void *)(THREADS));
  for (size_t i = 0; i < THREADS - 1; i++) join(&threads[i]);

  uint64_t sum = 0, count = 0, want = 0;
  bool right = true;
  for (size_t i = 0; i < SLOTS; i++) {
    if (!slots[i].record) continue;
    for (size_t j = 0; j < i; j++) right &= slots[j].key != slots[i].key;
    sum += slots[i].record->sum;
    count += slots[i].record->count;
  }
  for (uint64_t thread = 1; thread <= THREADS; thread++) {
    uint64_t state = thread;
    for (uint32_t i = 0; i < rounds; i++) want += next_number(&state);
  }
  finish("hash_map", rounds, sum, right && sum == want && count == (uint64_t)rounds * THREADS);
}
