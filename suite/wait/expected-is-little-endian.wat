;;! { "id": "wait/expected-is-little-endian", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-098", "WAIT-014"],
;;!   "story": "A cell written byte by byte equals the little-endian value that the wait expects: with timeout 0 the result is 2, and 1 for the value with its bytes reversed.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "waits compare with the bytes of the cell reversed" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "ATOM-098 wait32 little-endian\00")
  (data (i32.const 4128) "ATOM-098 wait32 big-endian\00")
  (data (i32.const 4160) "ATOM-098 wait64 little-endian\00")
  (data (i32.const 4192) "ATOM-098 wait64 big-endian\00")
  (func (export "_start")
    (i32.store8 (i32.const 8192) (i32.const 1)) (i32.store8 (i32.const 8193) (i32.const 2))
    (i32.store8 (i32.const 8194) (i32.const 3)) (i32.store8 (i32.const 8195) (i32.const 4))
    (i32.store8 (i32.const 8196) (i32.const 5)) (i32.store8 (i32.const 8197) (i32.const 6))
    (i32.store8 (i32.const 8198) (i32.const 7)) (i32.store8 (i32.const 8199) (i32.const 0x88))
    (call $check (i32.const 4096)
      (memory.atomic.wait32 (i32.const 8192) (i32.const 0x04030201) (i64.const 0)) (i32.const 2))
    (call $check (i32.const 4128)
      (memory.atomic.wait32 (i32.const 8192) (i32.const 0x01020304) (i64.const 0)) (i32.const 1))
    (call $check (i32.const 4160)
      (memory.atomic.wait64 (i32.const 8192) (i64.const 0x8807060504030201) (i64.const 0))
      (i32.const 2))
    (call $check (i32.const 4192)
      (memory.atomic.wait64 (i32.const 8192) (i64.const 0x0102030405060788) (i64.const 0))
      (i32.const 1))))
