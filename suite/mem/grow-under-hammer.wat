;;! { "id": "mem/grow-under-hammer", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-050", "ATOM-110"],
;;!   "story": "A thread adds to cells of the first pages without pause while another one grows the memory to its maximum: nothing traps, and no addition is lost to a copy of the memory.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "memory.grow copies a cell out and back, as moving the memory would" }
(module
  (import "env" "memory" (memory 1 400 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-050 atomic additions\00")
  (data (i32.const 4144) "MEM-050 plain additions of one thread\00")
  ;; 8192 and 65532 the counters   8256 the end   8320 additions made
  (func $adder (local $n i32)
    (call $barrier (i32.const 2))
    (loop $again
      (drop (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)))
      (i32.store (i32.const 65532) (i32.add (i32.load (i32.const 65532)) (i32.const 1)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 8256)))))
    (i32.atomic.store (i32.const 8320) (local.get $n)))
  (func (export "weft_thread") (param i32 i32) (call $adder))
  (func (export "_start") (local $n i32) (local $seen i32)
    (drop (call $spawn (i32.const 0)))
    (call $barrier (i32.const 2))
    (loop $again
      (drop (memory.grow (i32.const 3)))
      ;; the next one when the other thread has added some more
      (local.set $seen (i32.atomic.load (i32.const 8192)))
      (loop $until_added
        (br_if $until_added
          (i32.lt_u (i32.sub (i32.atomic.load (i32.const 8192)) (local.get $seen))
                    (i32.const 100))))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 130))))
    (i32.atomic.store (i32.const 8256) (i32.const 1))
    (call $join_all)
    (call $check (i32.const 4096)
      (i32.atomic.load (i32.const 8192)) (i32.atomic.load (i32.const 8320)))
    (call $check (i32.const 4144)
      (i32.load (i32.const 65532)) (i32.atomic.load (i32.const 8320)))))
