;;! { "id": "mem/concurrent-grows-are-unique", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-037", "MEM-038", "MEM-039"],
;;!   "story": "Three threads grow the memory page by page at once: every old size is returned exactly once, the size never shrinks in any thread, and after its own grow a thread sees at least the new size.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "memory.grow reads the size and sets it in two steps" }
(module
  (import "env" "memory" (memory 1 601 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-039 size after own grow\00")
  (data (i32.const 4144) "MEM-038 size shrank\00")
  (data (i32.const 4192) "MEM-037 size at the end\00")
  (data (i32.const 4240) "MEM-037 times that an old size was returned\00")
  ;; 8192 + old size: times returned   9216 grows that succeeded
  ;; One byte a page number: how often a grow returned it.
  (func $grow_many (local $n i32) (local $old i32) (local $size i32) (local $last i32)
    (call $barrier (i32.const 3))
    (loop $again
      (local.set $old (memory.grow (i32.const 1)))
      (if (i32.ne (local.get $old) (i32.const -1))
        (then
          (drop (i32.atomic.rmw8.add_u (i32.add (i32.const 8192) (local.get $old)) (i32.const 1)))
          (drop (i32.atomic.rmw.add (i32.const 9216) (i32.const 1)))))
      (local.set $size (memory.size))
      (if (i32.le_s (local.get $size) (local.get $old))
        (then (call $check (i32.const 4096)
                (local.get $size) (i32.add (local.get $old) (i32.const 1)))))
      (if (i32.lt_u (local.get $size) (local.get $last))
        (then (call $check (i32.const 4144) (local.get $size) (local.get $last))))
      (local.set $last (local.get $size))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 200)))))
  (func (export "weft_thread") (param i32 i32) (call $grow_many))
  (func (export "_start") (local $page i32) (local $end i32)
    (drop (call $spawn (i32.const 0)))
    (drop (call $spawn (i32.const 0)))
    (call $grow_many)
    (call $join_all)
    ;; any grow may fail, so what counts is how many succeeded
    (local.set $end (i32.add (i32.const 1) (i32.load (i32.const 9216))))
    (call $check (i32.const 4192) (memory.size) (local.get $end))
    (loop $pages
      (local.set $page (i32.add (local.get $page) (i32.const 1)))
      (if (i32.lt_u (local.get $page) (local.get $end))
        (then
          (call $check (i32.const 4240)
            (i32.load8_u offset=8192 (local.get $page)) (i32.const 1))
          (br $pages))))))
