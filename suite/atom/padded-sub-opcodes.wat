;;! { "id": "atom/padded-sub-opcodes", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-068", "ATOM-077"],
;;!   "story": "The sub-opcode behind FE is a LEB128 number, and so are alignment and offset: forms padded with zeros up to five bytes are the same instructions.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the sub-opcode behind FE is read as one byte" }
(module binary
  "\00asm\01\00\00\00"  ;; magic, version
  "\01\0c"  ;; types
  "\02"
  "\60\00\00"  ;; [] -> []
  "\60\04\7f\7f\7f\7f\01\7f"  ;; [i32 i32 i32 i32] -> [i32]
  "\02\32"  ;; imports
  "\02"
  "\03env\06memory\02\03\01\01"  ;; shared, 1 to 1 pages
  "\16wasi_snapshot_preview1\08fd_write\00\01"
  "\03\02"  ;; functions
  "\01\00"  ;; _start
  "\07\13"  ;; exports
  "\02"
  "\06memory\02\00"
  "\06_start\00\01"
  "\0a\8f\01"  ;; code
  "\01\8c\01\00"  ;; one body, no locals
  "\41\c0\00\41\05\fe\97\00\82\00\80\00"  ;; i32.atomic.store 64 = 5: sub-opcode 17 in two bytes, alignment and offset too
  "\41\c0\00\41\02\fe\9e\80\80\80\00\02\00"  ;; i32.atomic.rmw.add 64, 2: sub-opcode 1E in five bytes
  "\41\05\47\04\40\00\0b"  ;;   differs: unreachable
  "\41\3c\fe\90\80\00\82\80\00\84\80\00"  ;; i32.atomic.load 60 offset 4: sub-opcode 10 in three bytes
  "\41\07\47\04\40\00\0b"  ;;   differs: unreachable
  "\fe\83\80\00\00"  ;; atomic.fence: sub-opcode 03 in three bytes, then the byte 0
  "\41\c0\00\41\01\fe\80\00\02\00"  ;; memory.atomic.notify 64, 1: sub-opcode 00 in two bytes
  "\41\00\47\04\40\00\0b"  ;;   differs: unreachable
  "\41\c0\00\41\08\42\7f\fe\81\80\80\00\02\00"  ;; memory.atomic.wait32 64, 8, -1: sub-opcode 01 in four bytes
  "\41\01\47\04\40\00\0b"  ;;   differs: unreachable
  "\41\c0\00\41\07\41\09\fe\ca\00\00\00"  ;; i32.atomic.rmw8.cmpxchg_u 64, 7, 9: sub-opcode 4A in two bytes
  "\41\07\47\04\40\00\0b"  ;;   differs: unreachable
  "\41\c0\00\fe\10\02\00"  ;; i32.atomic.load 64
  "\41\09\47\04\40\00\0b"  ;;   differs: unreachable
  "\41\01\41\00\41\01\41\08\10\00\1a"  ;; fd_write(1, 0, 1, 8), drop
  "\0b"  ;; end
  "\0b\19"  ;; data
  "\01\00\41\00\0b\13"  ;; active, at 0
  "\10\00\00\00\03\00\00\00\00\00\00\00\00\00\00\00"  ;; iovec: address, length; written
  "ok\n"
)
