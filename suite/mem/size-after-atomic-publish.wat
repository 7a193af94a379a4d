;;! { "id": "mem/size-after-atomic-publish", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-031", "MEM-044", "MEM-053"],
;;!   "story": "A thread grows the memory a hundred times and tells the new size through an atomic store each time: a thread that has read it gets at least that size from memory.size at once, not at some later time.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "memory.size returns a length that each thread refreshes only now and then" }
(module
  (import "env" "memory" (memory 1 101 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (data (i32.const 4096) "MEM-031 stale sizes\00")
  ;; 8192 size that is published   8256 size that was checked
  ;; Polls until the cell has the value; then sleeps in short slices, so that cores may be few.
  (func $until (param $cell i32) (param $value i32) (local $seen i32) (local $polls i32)
    (loop $again
      (local.set $seen (i32.atomic.load (local.get $cell)))
      (if (i32.ne (local.get $seen) (local.get $value))
        (then
          (local.set $polls (i32.add (local.get $polls) (i32.const 1)))
          (if (i32.gt_u (local.get $polls) (i32.const 5000))
            (then (call $nap (local.get $cell) (local.get $seen))))
          (br $again)))))
  (func $nap (param $cell i32) (param $seen i32)
    (drop (memory.atomic.wait32 (local.get $cell) (local.get $seen) (i64.const 200000))))
  (func (export "weft_thread") (param i32 i32) (local $size i32) (local $stale i32)
    (loop $again
      (local.set $size (i32.add (local.get $size) (i32.const 1)))
      (call $until (i32.const 8192) (local.get $size))
      (if (i32.lt_u (memory.size) (local.get $size))
        (then (local.set $stale (i32.add (local.get $stale) (i32.const 1)))))
      (i32.atomic.store (i32.const 8256) (local.get $size))
      (br_if $again (i32.lt_u (local.get $size) (i32.const 100))))
    (call $check (i32.const 4096) (local.get $stale) (i32.const 0)))
  (func (export "_start") (local $size i32)
    (drop (call $spawn (i32.const 0)))
    (local.set $size (i32.const 1))
    (loop $again
      (i32.atomic.store (i32.const 8192) (local.get $size))
      (call $until (i32.const 8256) (local.get $size))
      (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (call $exit (i32.const 91))))
      (local.set $size (i32.add (local.get $size) (i32.const 1)))
      (br_if $again (i32.le_u (local.get $size) (i32.const 100))))
    (call $join_all)))
