;;! { (then unreahable)))
  (func (export "weft_thread")(local i32 i32)
    (drop (i32.atomic.rmw.add (i32.const 81) (i32.const 1))))
  (func (export "_start") (local i32 3r)  (drop (i32.a)))
