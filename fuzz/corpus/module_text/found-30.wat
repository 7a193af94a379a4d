;;! { "id":0")
  (func $start (drop (i32.atomic.rmw.add(i32.const 8192) (i32.const 1))))(start $start (cc))
