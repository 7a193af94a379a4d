//! Chase-Lev deques: three workers split ranges, push halves on their own deque and steal from the
//! others. Every number must be counted exactly once.
const std = @import("std");
const common = @import("common.zig");

const capacity = 256;
const Range = packed struct(u32) { begin: u16, end: u16 };

const Deque = struct {
    top: std.atomic.Value(i32) = std.atomic.Value(i32).init(0),
    bottom: std.atomic.Value(i32) = std.atomic.Value(i32).init(0),
    items: [capacity]std.atomic.Value(u32) = undefined,

    fn slot(self: *Deque, i: i32) *std.atomic.Value(u32) {
        return &self.items[@intCast(@mod(i, capacity))];
    }
    fn push(self: *Deque, range: Range) void {
        const b = self.bottom.load(.monotonic);
        self.slot(b).store(@bitCast(range), .monotonic);
        self.bottom.store(b + 1, .seq_cst);
    }
    fn pop(self: *Deque) ?Range {
        const b = self.bottom.load(.monotonic) - 1;
        self.bottom.store(b, .seq_cst);
        const t = self.top.load(.seq_cst);
        if (t > b) {
            self.bottom.store(b + 1, .monotonic);
            return null;
        }
        const item: Range = @bitCast(self.slot(b).load(.monotonic));
        if (t != b) return item;
        const won = self.top.cmpxchgStrong(t, t + 1, .seq_cst, .seq_cst) == null;
        self.bottom.store(b + 1, .monotonic);
        return if (won) item else null;
    }
    fn steal(self: *Deque) ?Range {
        const t = self.top.load(.seq_cst);
        const b = self.bottom.load(.seq_cst);
        if (t >= b) return null;
        const item: Range = @bitCast(self.slot(t).load(.monotonic));
        return if (self.top.cmpxchgStrong(t, t + 1, .seq_cst, .seq_cst) == null) item else null;
    }
};

const Shared = struct {
    deques: [3]Deque = .{ .{}, .{}, .{} },
    left: std.atomic.Value(u32),
    sum: std.atomic.Value(u32) = std.atomic.Value(u32).init(0),

    fn run(self: *Shared, me: usize) void {
        while (self.left.load(.acquire) != 0) {
            var found = self.deques[me].pop();
            if (found == null) {
                for (1..3) |step| {
                    found = self.deques[(me + step) % 3].steal();
                    if (found != null) break;
                }
            }
            var range = found orelse {
                _ = std.os.wasi.sched_yield();
                continue;
            };
            while (range.end - range.begin > 8) {
                const middle = range.begin + (range.end - range.begin) / 2;
                self.deques[me].push(.{ .begin = middle, .end = range.end });
                range.end = middle;
            }
            var sum: u32 = 0;
            for (range.begin..range.end) |i| sum += @intCast(i);
            _ = self.sum.fetchAdd(sum, .monotonic);
            _ = self.left.fetchSub(range.end - range.begin, .release);
        }
    }
};

pub fn main() !void {
    const a = common.allocator();
    const n: u16 = @intCast(try common.size(a, 20000));
    const shared = try a.create(Shared);
    shared.* = .{ .left = std.atomic.Value(u32).init(n) };
    shared.deques[0].push(.{ .begin = 0, .end = n });
    var gate = std.Thread.ResetEvent{};
    var threads: [2]std.Thread = undefined;
    for (&threads, 1..) |*thread, i| thread.* = try common.spawn(a, &gate, Shared.run, .{ shared, i });
    gate.set();
    shared.run(0);
    for (threads) |thread| thread.join();
    const sum = shared.sum.load(.monotonic);
    const want = @as(u32, n) * (@as(u32, n) - 1) / 2;
    try common.print("work_stealing n={d} sum={d} {s}\n", .{ n, sum, if (sum == want) "ok" else "WRONG" });
    if (sum != want) std.process.exit(65);
}
