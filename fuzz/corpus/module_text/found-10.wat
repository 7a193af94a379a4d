;;! { t plain load" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 1))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "joine" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-036 SB\00")
  ;; 8192 arrived   8256 g320 forbidde... of 4 bytes
  (func $delay (param $n i32)
    (block $end
      (loop $again
  (br_if $end (i32.eqz (local.get $n)))
        (call_refst 8321)) (i32.const 0))))
