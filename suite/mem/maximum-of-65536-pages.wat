;;! { "id": "mem/maximum-of-65536-pages", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-013"],
;;!   "story": "A shared memory whose maximum is all of the address space is had, or refused cleanly; it grows by one page or gives -1, and never has a smaller maximum in silence.",
;;!   "expect": {"any": [{"exit": 0, "stdout": "accepted\nok\n"}, {"reject": "any"}]},
;;!   "fault": "memory.grow that fails returns the old size" }
(module
  (import "env" "memory" (memory 2 65536 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 4256) "\a8\10\00\00\09\00\00\00accepted\n")  ;; a vector and what it points at
  (data (i32.const 4096) "MEM-013 result of grow agrees with size\00")
  (data (i32.const 4160) "MEM-013 grow beyond the maximum\00")
  (data (i32.const 4208) "MEM-013 the new page\00")
  (func (export "_start") (local $old i32)
    ;; a memory that was not refused must hold what is said below
    (drop (call $fd_write (i32.const 1) (i32.const 4256) (i32.const 1) (i32.const 4288)))
    (local.set $old (memory.grow (i32.const 1)))
    (call $check (i32.const 4096) (memory.size)
      (select (i32.const 2) (i32.const 3) (i32.eq (local.get $old) (i32.const -1))))
    (if (i32.eq (local.get $old) (i32.const 2))
      (then
        (i32.atomic.store (i32.const 196604) (i32.const 7))
        (call $check (i32.const 4208) (i32.load (i32.const 196604)) (i32.const 7))))
    (call $check (i32.const 4160) (memory.grow (i32.const 65536)) (i32.const -1))))
