;;! { "id": "atom/reject-huge-sub-opcode", "kind": "reject", "sort": "sound",
;;!   "requirements": ["ATOM-070"],
;;!   "story": "A sub-opcode of 2^31 + 16 is not i32.atomic.load: all 32 bits count.",
;;!   "expect": {"reject": "any"},
;;!   "fault": "the sub-opcode is cut to 8 bits" }
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
  "\0a\1f"  ;; code
  "\01\1d\00"  ;; one body, no locals
  "\02\40\0c\00"  ;; block, br 0
  "\41\10\fe\90\80\80\80\08\02\00\1a"  ;; i32.const 16, FE 2^31 + 16, drop
  "\0b"  ;; end
  "\41\01\41\00\41\01\41\08\10\00\1a"  ;; fd_write(1, 0, 1, 8), drop
  "\0b"  ;; end
  "\0b\1f"  ;; data
  "\01\00\41\00\0b\19"  ;; active, at 0
  "\10\00\00\00\09\00\00\00\00\00\00\00\00\00\00\00"  ;; iovec: address, length; written
  "accepted\n"
)
