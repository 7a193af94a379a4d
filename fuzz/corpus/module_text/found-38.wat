;;! {o
(module (import "wefref.cast(;i32" (fv32st2))-)
