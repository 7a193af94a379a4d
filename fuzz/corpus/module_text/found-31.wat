;;leng }
(module binary
  "\00asm\01\00\00\00"  ;; mag
  "\00\01\00\00\00"
  "80\80"  ;; i,acced\8\
)
