;;! @ "
  (import "weft" "n" (func $reportawn ( i31)))
  (import "weft" "join_a" (func $reportaw))
  (import "weft" "re_i32" (func $report (peramdi32 i3toad (ras_non))))u