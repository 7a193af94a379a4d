;;! { "id": "mem/torn-vectors-mix-only-written-bytes", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-072"], "needs": ["simd"],
;;!   "story": "v128 loads and stores race on one shared cell. They may tear, byte by byte; a byte that nobody wrote may not appear.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "v128.store first writes 0x5a to every byte" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "barrier" (func $barrier (param i32)))
  (data (i32.const 4096) "MEM-072 foreign bytes\00")
  ;; 8196 the cell (not aligned to 8)   8448 shares done
  (func $more (param $left i32) (result i32)
    (if (i32.eqz (local.get $left))
      (then (drop (i32.atomic.rmw.add (i32.const 8448) (i32.const 1)))))
    (i32.or (i32.gt_s (local.get $left) (i32.const 0))
            (i32.lt_u (i32.atomic.load (i32.const 8448)) (i32.const 2))))
  (func (export "weft_thread") (param i32 i32) (local $n i32)
    (call $barrier (i32.const 2))
    (local.set $n (i32.const 60000))
    (loop $again
      (v128.store (i32.const 8196) (i8x16.splat (i32.const 0xee)))
      (v128.store (i32.const 8196) (i8x16.splat (i32.const 0x11)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (call $more (local.get $n)))))
  (func (export "_start") (local $n i32) (local $v v128) (local $foreign i32)
    (v128.store (i32.const 8196) (i8x16.splat (i32.const 0x11)))
    (drop (call $spawn (i32.const 0)))
    (call $barrier (i32.const 2))
    (local.set $n (i32.const 60000))
    (loop $again
      (local.set $v (v128.load (i32.const 8196)))
      (local.set $foreign (i32.add (local.get $foreign)
        (i32.eqz (i8x16.all_true
          (v128.or (i8x16.eq (local.get $v) (i8x16.splat (i32.const 0x11)))
                   (i8x16.eq (local.get $v) (i8x16.splat (i32.const 0xee))))))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (call $more (local.get $n))))
    (call $join_all)
    (call $check (i32.const 4096) (local.get $foreign) (i32.const 0))))
