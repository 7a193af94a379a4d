;;! { "id": "div/segments-tell-the-design", "kind": "program", "sort": "sound",
;;!   "requirements": ["DIV-002", "WT-036", "WT-040"],
;;!   "story": "Whether a thread can still use a data segment that its spawner has dropped, and whether its instance has written the active one again.",
;;!   "expect": {"exit": 0, "stdout": "byte of the active segment=65\nsegment usable in the thread=80\nok\n"},
;;!   "fault": "the threading model shared-instance" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "byte of the active segment\00")
  (data (i32.const 4160) "segment usable in the thread\00")
  (data (i32.const 8192) "A")
  (data $passive "P")
  (func (export "weft_thread") (param i32 i32)
    (call $report (i32.const 4096) (i32.load8_u (i32.const 8192)))
    (call $flush)
    ;; traps where the drop is shared
    (memory.init $passive (i32.const 8200) (i32.const 0) (i32.const 1))
    (call $report (i32.const 4160) (i32.load8_u (i32.const 8200))))
  (func (export "_start")
    (i32.store8 (i32.const 8192) (i32.const 66))
    (data.drop $passive)
    (drop (call $spawn (i32.const 0)))
    (call $join_all)))
