;;0")
  (func(import "e" ")" )()fu)