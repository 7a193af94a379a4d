;;! { "id": "atom/fe }
(module
  (func $seven (result i32) (i32.const 7) (atomic.fence))
  (func $dead (result i32) (return (i32.const 63)) (atomic.fence))
  (func (export "_start")
    (atomic.fence)
    (if (i32.ne (i32.add (call $seven) (call $dead)) (i32.const 70)) (then (unreachable)))))
