;;! { "id": "mem/grow-then-atomic-publish", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-045", "MEM-047"],
;;!   "story": "A thread grows the memory, writes to the new page and publishes its number with an atomic store; a thread that reads it uses the page without a trap, reads what was written, and finds the rest zero.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a thread checks bounds against the length that it saw last" }
(module
  (import "env" "memory" (memory 1 130 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (data (i32.const 4096) "MEM-045 first word of the page\00")
  (data (i32.const 4128) "MEM-047 last cell of the page\00")
  ;; 8192 the newest page, -1 at the end
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  (func $writer (local $page i32)
    (loop $again
      (local.set $page (memory.grow (i32.const 1)))
      (if (i32.eq (local.get $page) (i32.const -1))
        (then (i32.atomic.store (i32.const 8192) (i32.const -1)) (return)))
      (i32.store (i32.mul (local.get $page) (i32.const 65536)) (local.get $page))
      (i32.atomic.store (i32.const 8192) (local.get $page))
      (call $delay (i32.const 200))
      (br_if $again (i32.lt_u (local.get $page) (i32.const 120))))
    (i32.atomic.store (i32.const 8192) (i32.const -1)))
  (func $reader (local $page i32) (local $base i32)
    (loop $again
      (local.set $page (i32.atomic.load (i32.const 8192)))
      (if (i32.gt_s (local.get $page) (i32.const 0))
        (then
          (local.set $base (i32.mul (local.get $page) (i32.const 65536)))
          (call $check (i32.const 4096)
            (i32.load (local.get $base)) (local.get $page))
          (call $check64 (i32.const 4128)
            (i64.atomic.load offset=65528 (local.get $base)) (i64.const 0))
          (i32.store offset=65520 (local.get $base) (i32.const 7))))
      (br_if $again (i32.ge_s (local.get $page) (i32.const 0)))))
  (func (export "weft_thread") (param i32 i32) (call $reader))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $writer)
    (call $join_all)))
