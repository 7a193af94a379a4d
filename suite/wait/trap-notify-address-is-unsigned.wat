;;! { "id": "wait/trap-notify-address-is-unsigned", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-008", "ATOM-076"],
;;!   "story": "0xFFFFFFFC is a high address, and the offset is added without wrapping: 0xFFFFFFFC + 8196 is not 8192.",
;;!   "expect": {"trap": true, "stdout": "WAIT-008 before=1\n"},
;;!   "fault": "the effective address is computed in 32 bits" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "WAIT-008 before\00")
  (data (i32.const 4128) "WAIT-008 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (memory.atomic.notify offset=8196 (i32.const 0xfffffffc) (i32.const 1)))
    (call $report (i32.const 4128) (i32.const 1))))
