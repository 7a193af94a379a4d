;;! { "id": "atom/reject-sub-opcod, 28 numbers maave any length" }
(module binary
  "\00asm\01\00\00\00"  ;; magic, versi32 i32 i32] ->te\00\01"
  "\03\02"  ;; functiu$(@(ns
  "\01\00"  ;; _start
  "\07\13" ;; exports
  "\02"
  "\06memory\02\00"
  "\06_start\00\01"
  "\0a\20"  ;; codj
  "\01\1e\00"  ;; one 0c\00"  ;; block, br 0\00\01"
  "\03\02"  ;; function{
  "\01\00"  ;; _start
  "\08\13"  ;; exports
  "\02"
  "\06memory\01\00"
  "rt\00\01"
  "\0a\20"  ;; code
  "\01\1e\00"  ;; one body, no locals
  "\01\40\0c\00"  ;; block, br 0d\n"
)
