;;! { "id": "mem/last-page-while-growing", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-052"],
;;!   "story": "One thread grows the memory page by page while another one reads and writes the last cell below each size that it is told: a page that counts is there, however late it was committed.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "memory.grow publishes the new length before the pages are committed" }
(module
  (import "env" "memory" (memory 2 400 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-052 cells that are not zero\00")
  ;; 8192: 1 when the memory does not grow any more
  (func (export "weft_thread") (param i32 i32) (local $end i32) (local $bad i32)
    (call $barrier (i32.const 2))
    (loop $again
      (local.set $end (i32.mul (memory.size) (i32.const 65536)))
      (local.set $bad (i32.add (local.get $bad)
        (i32.ne (i32.atomic.rmw.add (i32.sub (local.get $end) (i32.const 4)) (i32.const 0)) (i32.const 0))))
      (i64.store8 (i32.sub (local.get $end) (i32.const 1)) (i64.const 0))
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 8192)))))
    (call $check (i32.const 4096) (local.get $bad) (i32.const 0)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $barrier (i32.const 2))
    (loop $again
      (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (call $join_all)))
