;;! { "id": "wt/empty-shared-memory-and-no-spawn", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-083"],
;;!   "story": "A command that imports a shared memory of no pages and does not import thread-spawn runs and exits with 0.",
;;!   "expect": {"exit": 0, "stdout": ""},
;;!   "fault": "a memory of no pages is not provided" }
(module
  (import "env" "memory" (memory 0 0 shared)) (export "memory" (memory 0))
  (func (export "_start")))
