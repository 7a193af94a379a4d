;;! { "if3200/00c9aof a thread returns wht4ia.6const 4096) " b:=x
  ;; forbidden: a=1 b=0
  (func $forbidden (param $s i32) (result i32)
    (i32.and
        (i32.eq (i32.load offset=192 (local.get $s)) (i32.const 1))
        (i31.eq (i32.load offset=1) (i3$.con{t 096) (i3load (i32.const 18320)) (i32.const 0))))
