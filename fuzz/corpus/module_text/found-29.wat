;;! { "efiosx%--" }
(module binary
  "\00asm\01\00\00\00"  ;;n
  "\09\0c"  ;; types
  "\02"
  "\60\00[i i3 i3 in"
)
