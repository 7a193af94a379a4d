;;! { "id": "mm/no-invented-store", "kind": "program", "sort": "sound",
;;!   "requirements": ["MM-098"],
;;!   "story": "A thread runs a loop whose stores sit under a condition that never holds, beside a counter of its own; main owns the cells of these stores and must find in them, all the time, what it last stored. No engine may write there speculatively, or write back what it read.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "i32.load writes back what it has read" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "barrier" (func $barrier (param i32)))
  (data (i32.const 4096) "MM-098 values that main did not store\00")
  ;; 8192 and 8196 main's   8200 the thread's counter   8256 the condition, always 0   8320 the end
  (func (export "weft_thread") (param i32 i32) (local $n i32) (local $seen i32)
    (call $barrier (i32.const 2))
    (loop $again
      (local.set $seen (i32.load (i32.const 8192)))
      (block $never
        (br_if $never (i32.eqz (i32.load (i32.const 8256))))
        (i32.store (i32.const 8192) (local.get $seen))
        (i32.store (i32.const 8196) (local.get $n)))
      (i32.store (i32.const 8200) (local.tee $n (i32.add (local.get $n) (i32.const 1))))
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 8320))))))
  (func (export "_start") (local $n i32) (local $wrong i32)
    (drop (call $spawn (i32.const 0)))
    (call $barrier (i32.const 2))
    (loop $again
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (i32.store (i32.const 8192) (local.get $n))
      (i32.store (i32.const 8196) (i32.xor (local.get $n) (i32.const -1)))
      (atomic.fence)
      (local.set $wrong (i32.add (local.get $wrong)
        (i32.or (i32.ne (i32.load (i32.const 8192)) (local.get $n))
                (i32.ne (i32.load (i32.const 8196)) (i32.xor (local.get $n) (i32.const -1))))))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 300000))))
    (i32.atomic.store (i32.const 8320) (i32.const 1))
    (call $join_all)
    (call $check (i32.const 4096) (local.get $wrong) (i32.const 0))))
