;;! { "id": "wt/bad-pointer-in-a-thread", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-069", "P1-008"],
;;!   "story": "A host call of a spawned thread with an address outside the memory gives an error number or ends the program; with an error number the other threads go on. (An engine that reports this end like a refused module is accepted.)",
;;!   "expect": {"any": [{"exit": 0, "stdout": "ran=1\nsuccesses=0\nok\n"},
;;!                      {"trap": true, "stdout": "ran=1\n"},
;;!                      {"reject": "any"}]},
;;!   "fault": "an address outside the memory is success" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 4096) "ran\00")
  (data (i32.const 4160) "successes\00")
  ;; 8208: calls that gave no error number
  (func $write (param $vector i32)
    (if (i32.eqz (call $fd_write (i32.const 1) (local.get $vector) (i32.const 1) (i32.const 8192)))
      (then (i32.store (i32.const 8208) (i32.add (i32.load (i32.const 8208)) (i32.const 1))))))
  (func (export "weft_thread") (param i32 i32)
    (call $write (i32.const 65532))  ;; the vector lies outside
    (i32.store (i32.const 8200) (i32.const 0xfffffff0))
    (i32.store (i32.const 8204) (i32.const 16))
    (call $write (i32.const 8200)))  ;; the bytes lie outside
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $report (i32.const 4160) (i32.load (i32.const 8208)))))
