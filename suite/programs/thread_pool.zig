//! A pool of three workers takes jobs from a queue under a mutex and a condition; the sum of all
//! results is printed. Lost wake-ups hang it, lost updates change the sum.
const std = @import("std");
const common = @import("common.zig");

const Pool = struct {
    mutex: std.Thread.Mutex = .{},
    work: std.Thread.Condition = .{},
    idle: std.Thread.Condition = .{},
    next: usize = 0,
    submitted: usize = 0,
    finished: usize = 0,
    closing: bool = false,
    sum: u64 = 0,

    fn run(self: *Pool) void {
        self.mutex.lock();
        defer self.mutex.unlock();
        while (true) {
            while (self.next == self.submitted and !self.closing) self.work.wait(&self.mutex);
            if (self.next == self.submitted) return;
            const job = self.next;
            self.next += 1;
            self.mutex.unlock();
            const result = compute(job);
            self.mutex.lock();
            self.sum += result;
            self.finished += 1;
            if (self.finished == self.submitted) self.idle.signal();
        }
    }
};

fn compute(job: usize) u64 {
    var numbers = common.Numbers{ .state = job };
    var result: u64 = 0;
    for (0..16) |_| result += numbers.next() & 0xFF;
    return result;
}

pub fn main() !void {
    const a = common.allocator();
    const jobs = try common.size(a, 400);
    var pool = Pool{};
    var gate = std.Thread.ResetEvent{};
    var threads: [3]std.Thread = undefined;
    for (&threads) |*thread| thread.* = try common.spawn(a, &gate, Pool.run, .{&pool});
    gate.set();
    for (0..jobs) |_| {
        pool.mutex.lock();
        pool.submitted += 1;
        pool.mutex.unlock();
        pool.work.signal();
    }
    pool.mutex.lock();
    while (pool.finished != pool.submitted) pool.idle.wait(&pool.mutex);
    pool.closing = true;
    pool.mutex.unlock();
    pool.work.broadcast();
    for (threads) |thread| thread.join();
    var want: u64 = 0;
    for (0..jobs) |job| want += compute(job);
    try common.print("thread_pool jobs={d} sum={d} {s}\n", .{ jobs, pool.sum, if (pool.sum == want) "ok" else "WRONG" });
    if (pool.sum != want) std.process.exit(65);
}
