;;! { "id": "script/threads", "kind": "script", "sort": "sound",
;;!   "requirements": ["WAST-001", "WAST-002", "WAST-004", "WAST-005", "WAST-009"],
;;!   "story": "Threads of a script share a memory by name, wait for each other, and nest.",
;;!   "expect": { "exit": 0 }, "fault": "notify counts a waiter but does not wake it: the thread never ends, and wait fails" }

(module $Mem (memory (export "shared") 1 1 shared))

(thread $T1 (shared (module $Mem))
  ;; Nothing is registered in a new thread, and no other module has a name.
  (assert_unlinkable (module (memory (import "mem" "shared") 1 1 shared)) "unknown import")
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 1 shared)
    (func (export "wait") (result i32)
      (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
    (func (export "add") (param i32) (result i32)
      (i32.atomic.rmw.add (i32.const 8) (local.get 0))))
  (thread $Inner (shared (module $Mem))
    (register "mem" $Mem)
    (module
      (memory (import "mem" "shared") 1 1 shared)
      (func (export "add") (result i32) (i32.atomic.rmw.add (i32.const 8) (i32.const 5))))
    (assert_return (invoke "add") (either (i32.const 0) (i32.const 7))))
  (assert_return (invoke "add" (i32.const 7)) (either (i32.const 0) (i32.const 5)))
  (wait $Inner)
  (assert_return (invoke "add" (i32.const 0)) (i32.const 12))
  (assert_return (invoke "wait") (i32.const 0)))

(thread $T2 (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 1 shared)
    ;; Until the one waiter has been there.
    (func (export "wake") (result i32) (local $woken i32)
      (loop $again
        (local.set $woken (memory.atomic.notify (i32.const 0) (i32.const -1)))
        (br_if $again (i32.eqz (local.get $woken))))
      (local.get $woken)))
  (assert_return (invoke "wake") (i32.const 1)))

(wait $T1)
(wait $T2)
;; Waiting for a thread that has ended does nothing.
(wait $T2)
