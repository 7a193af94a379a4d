;;! { "id": "p1/vector-changes-during-a-write", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-007", "P1-005"],
;;!   "story": "While one thread writes, another one changes the length in the vector between 1 and 4: every write succeeds with one of the two counts.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the length of a vector is read once for the check and again for the copy" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 4096) "P1-007 error numbers\00")
  (data (i32.const 4160) "P1-007 counts that are neither 1 nor 4\00")
  (data (i32.const 8256) "....")
  ;; 8192: 1 ends the thread   8200: the vector, the last four bytes of a page may be written
  (func (export "weft_thread") (param i32 i32)
    (loop $again
      (i32.atomic.store (i32.const 8204) (i32.const 4))
      (i32.atomic.store (i32.const 8204) (i32.const 1))
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 8192))))))
  (func (export "_start") (local $i i32) (local $errors i32) (local $counts i32)
    (i32.store (i32.const 8200) (i32.const 65532))
    (i32.store (i32.const 8204) (i32.const 1))
    (i32.store (i32.const 65532) (i32.const 0x2e2e2e2e))
    (drop (call $spawn (i32.const 0)))
    (loop $again
      (i32.store (i32.const 8208) (i32.const 77))
      (if (call $fd_write (i32.const 2) (i32.const 8200) (i32.const 1) (i32.const 8208))
        (then (local.set $errors (i32.add (local.get $errors) (i32.const 1)))))
      (if (i32.and (i32.ne (i32.load (i32.const 8208)) (i32.const 1))
                   (i32.ne (i32.load (i32.const 8208)) (i32.const 4)))
        (then (local.set $counts (i32.add (local.get $counts) (i32.const 1)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 1000))))
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (call $join_all)
    (call $check (i32.const 4096) (local.get $errors) (i32.const 0))
    (call $check (i32.const 4160) (local.get $counts) (i32.const 0))))
