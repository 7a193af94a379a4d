;;tom/@ sEBh" }
(module binary
  "\00asm\01\00\00\00"  ;; magic, version
  "\00\0c"  ;;  co
  "\00\1e\"\02\40\0c\\60\00\80\80\00\02\00; .i.cond\n"
)
