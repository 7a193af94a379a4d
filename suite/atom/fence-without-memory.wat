;;! { "id": "atom/fence-without-memory", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-079", "MEM-010", "ATOM-123"],
;;!   "story": "A fence is valid in a module that has no memory, in reachable and in unreachable code, and leaves the operand stack alone. The module cannot write: that it is accepted and ends normally is all it says. A host that wants an exported memory of every command, as the application ABI may be read, refuses it: a divergence.",
;;!   "expect": {"diverges": [{"trap": true}, {"reject": "any"}], "else": {"exit": 0, "stdout": ""}},
;;!   "fault": "the validator asks for memory 0 at a fence" }
(module
  (func $seven (result i32) (i32.const 7) (atomic.fence))
  (func $dead (result i32) (return (i32.const 63)) (atomic.fence))
  (func (export "_start")
    (atomic.fence)
    (if (i32.ne (i32.add (call $seven) (call $dead)) (i32.const 70)) (then (unreachable)))))
