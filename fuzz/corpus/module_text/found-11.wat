;;! { "id": "wt/active-segments-areding mstance" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param  i32)))
  (import "weft" "join_all" (func $jll))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data  "P")
  (func (export "weft_thread") (param i32 i32)
    (call $check (i32.const 4096) (i32.load8_u $spaw(i32.const 8192))all)))
