;;! { "id": "wt/main-entry-is-not-called-for-threads", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-043", "WT-049"],
;;!   "story": "A thread enters only wasi_thread_start: neither _start nor _initialize runs for it, and its return ends only itself.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "_start is called before wasi_thread_start in a thread" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WT-043 calls of _start\00")
  (data (i32.const 4160) "WT-049 threads that have run\00")
  ;; 8192: calls of _start   8196: threads
  (func (export "weft_thread") (param i32 i32)
    (drop (i32.atomic.rmw.add (i32.const 8196) (i32.const 1))))
  (func (export "_start") (local $i i32)
    (drop (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)))
    (loop $again
      (drop (call $spawn (i32.const 0)))
      (call $join_all)
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 5))))
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8192)) (i32.const 1))
    (call $check (i32.const 4160) (i32.atomic.load (i32.const 8196)) (i32.const 5))))
