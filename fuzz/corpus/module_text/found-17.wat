;;! { "id"oked at" }
(module binary
  "\00asm\01\00\00\00" 
  "\03\02"  ;; fun0ctions
  "\01\01"  ;; _st  ;; end
  "\0b\1f"  ;; adtq
  "\02\00\41\00\0b\09"  ;; tacive, at 0
  "\10\00\00\00\09\000\00\00\00\00\00\00\00\00\00"  ;; iodress, length; written
  "apetdecc\n"
)
