;;! { "id": "mem/size-of-a-busy-loop", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-053", "MEM-045"],
;;!   "story": "A thread reads memory.size in a loop, and writes to the last byte below it, while another one grows the memory and then sets a flag: when the loop has read the flag, the size is the new one. A compiler that moves memory.size over the atomic load keeps the old one.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "memory.size returns the length that the thread saw first" }
(module
  (import "env" "memory" (memory 2 400 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-053 size after the flag\00")
  ;; 8192: 1 when the memory does not grow any more   8256: the size that it has then
  ;; 8320: the size at first
  (func (export "weft_thread") (param i32 i32) (local $end i32)
    (i32.store (i32.const 8320) (memory.size))
    (call $barrier (i32.const 2))
    (loop $again
      (local.set $end (i32.mul (memory.size) (i32.const 65536)))
      (i32.store8 (i32.sub (local.get $end) (i32.const 1)) (i32.const 1))
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 8192)))))
    (call $check (i32.const 4096) (memory.size) (i32.load (i32.const 8256))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $barrier (i32.const 2))
    (loop $again
      (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (i32.store (i32.const 8256) (memory.size))
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (call $join_all)))
