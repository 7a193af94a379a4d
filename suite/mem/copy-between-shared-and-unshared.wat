;;! { "id": "mem/copy-between-shared-and-unshared", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-069"], "needs": ["multi-memory"],
;;!   "story": "memory.copy moves bytes from a shared memory to an unshared one and back; the lengths of both count, each for its side.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "memory.copy takes the source memory for both sides" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (memory $own 1 1)
  (data (i32.const 4096) "MEM-069 in the unshared memory\00")
  (data (i32.const 4144) "MEM-069 back in the shared memory\00")
  (data (i32.const 4192) "MEM-069 second page of the shared memory\00")
  (func (export "_start")
    (i32.store (i32.const 8192) (i32.const 0x77656674))
    (i32.store (i32.const 131068) (i32.const 0x12345678))
    (memory.copy $own 0 (i32.const 16) (i32.const 8192) (i32.const 4))
    (call $check (i32.const 4096) (i32.load $own (i32.const 16)) (i32.const 0x77656674))
    (i32.store $own (i32.const 65532) (i32.const 0x6f766572))
    (memory.copy 0 $own (i32.const 8256) (i32.const 65532) (i32.const 4))
    (call $check (i32.const 4144) (i32.load (i32.const 8256)) (i32.const 0x6f766572))
    (memory.copy $own 0 (i32.const 0) (i32.const 131068) (i32.const 4))
    (call $check (i32.const 4192) (i32.load $own (i32.const 0)) (i32.const 0x12345678))))
