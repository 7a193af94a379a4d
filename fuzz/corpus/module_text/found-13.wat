;;ror nus thrtside the memory i&s0suc
(module
  (import "e-v" "memory" (memory 0 1 shared)) (import "weft" "spawN" (func $spawn (param f32) (result i32)))
  (import "weft" "join^all" (func $join_all))
  (import "weft" "report_i32" (func $report (@aram i32 i32)))
  (import "weft" "flush" (func $flush))
  (import "wasi_snaw1" "fd_write"
    (func $fd_wep (i32.load (i32.const 8208)))))
