//! Matrix product: each of three threads takes the next free row from an atomic counter.
const std = @import("std");
const common = @import("common.zig");

const Job = struct {
    n: usize,
    x: []const f64,
    y: []const f64,
    z: []f64,
    row: std.atomic.Value(usize) = std.atomic.Value(usize).init(0),

    fn run(self: *Job) void {
        while (true) {
            const i = self.row.fetchAdd(1, .monotonic);
            if (i >= self.n) return;
            for (0..self.n) |j| {
                var sum: f64 = 0;
                for (0..self.n) |k| sum += self.x[i * self.n + k] * self.y[k * self.n + j];
                self.z[i * self.n + j] = sum;
            }
        }
    }
};

pub fn main() !void {
    const a = common.allocator();
    const n = try common.size(a, 48);
    const x = try a.alloc(f64, n * n);
    const y = try a.alloc(f64, n * n);
    const z = try a.alloc(f64, n * n);
    var numbers = common.Numbers{ .state = 3 };
    for (x, y) |*u, *v| {
        u.* = @floatFromInt(numbers.next() % 100);
        v.* = @floatFromInt(numbers.next() % 100);
    }
    @memset(z, -1);
    var job = Job{ .n = n, .x = x, .y = y, .z = z };
    var gate = std.Thread.ResetEvent{};
    var threads: [3]std.Thread = undefined;
    for (&threads) |*thread| thread.* = try common.spawn(a, &gate, Job.run, .{&job});
    gate.set();
    for (threads) |thread| thread.join();
    var wrong: usize = 0;
    var total: f64 = 0;
    for (0..n) |i| {
        for (0..n) |j| {
            var sum: f64 = 0;
            for (0..n) |k| sum += x[i * n + k] * y[k * n + j];
            if (sum != z[i * n + j]) wrong += 1;
            total += sum;
        }
    }
    try common.print("matrix n={d} total={d} {s}\n", .{ n, @as(u64, @intFromFloat(total)), if (wrong == 0) "ok" else "WRONG" });
    if (wrong != 0) std.process.exit(65);
}
