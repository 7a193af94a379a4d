//! Three stages joined by bounded channels (mutex and two conditions each): produce, square, add.
const std = @import("std");
const common = @import("common.zig");

const Channel = struct {
    mutex: std.Thread.Mutex = .{},
    not_empty: std.Thread.Condition = .{},
    not_full: std.Thread.Condition = .{},
    items: [4]u64 = undefined,
    head: usize = 0,
    count: usize = 0,
    closed: bool = false,

    fn send(self: *Channel, item: u64) void {
        self.mutex.lock();
        defer self.mutex.unlock();
        while (self.count == self.items.len) self.not_full.wait(&self.mutex);
        self.items[(self.head + self.count) % self.items.len] = item;
        self.count += 1;
        self.not_empty.signal();
    }
    fn receive(self: *Channel) ?u64 {
        self.mutex.lock();
        defer self.mutex.unlock();
        while (self.count == 0) {
            if (self.closed) return null;
            self.not_empty.wait(&self.mutex);
        }
        const item = self.items[self.head];
        self.head = (self.head + 1) % self.items.len;
        self.count -= 1;
        self.not_full.signal();
        return item;
    }
    fn close(self: *Channel) void {
        self.mutex.lock();
        self.closed = true;
        self.mutex.unlock();
        self.not_empty.broadcast();
    }
};

fn produce(out: *Channel, n: usize) void {
    for (1..n + 1) |i| out.send(i);
    out.close();
}
fn square(in: *Channel, out: *Channel) void {
    while (in.receive()) |x| out.send(x * x);
    out.close();
}

pub fn main() !void {
    const a = common.allocator();
    const n = try common.size(a, 500);
    var first = Channel{};
    var second = Channel{};
    var gate = std.Thread.ResetEvent{};
    const producer = try common.spawn(a, &gate, produce, .{ &first, n });
    const squarer = try common.spawn(a, &gate, square, .{ &first, &second });
    gate.set();
    var sum: u64 = 0;
    while (second.receive()) |x| sum += x;
    producer.join();
    squarer.join();
    const want = n * (n + 1) * (2 * n + 1) / 6;
    try common.print("pipeline n={d} sum={d} {s}\n", .{ n, sum, if (sum == want) "ok" else "WRONG" });
    if (sum != want) std.process.exit(65);
}
