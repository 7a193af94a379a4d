//! Two writers move amounts between two accounts under a read-write lock; two readers check that
//! the total never changes.
const std = @import("std");
const common = @import("common.zig");

const Bank = struct {
    lock: std.Thread.RwLock = .{},
    left: u64 = 1000,
    right: u64 = 1000,
    torn: std.atomic.Value(u32) = std.atomic.Value(u32).init(0),

    fn write(self: *Bank, seed: u64, rounds: usize) void {
        var numbers = common.Numbers{ .state = seed };
        for (0..rounds) |_| {
            const amount = numbers.next() % 5;
            self.lock.lock();
            defer self.lock.unlock();
            if (self.left >= amount) {
                self.left -= amount;
                self.right += amount;
            } else {
                self.right -= amount;
                self.left += amount;
            }
        }
    }
    fn read(self: *Bank, rounds: usize) void {
        for (0..rounds) |_| {
            self.lock.lockShared();
            if (self.left + self.right != 2000) _ = self.torn.fetchAdd(1, .monotonic);
            self.lock.unlockShared();
        }
    }
};

pub fn main() !void {
    const a = common.allocator();
    const rounds = try common.size(a, 1000);
    var bank = Bank{};
    var gate = std.Thread.ResetEvent{};
    const w1 = try common.spawn(a, &gate, Bank.write, .{ &bank, 1, rounds });
    const r1 = try common.spawn(a, &gate, Bank.read, .{ &bank, rounds });
    const r2 = try common.spawn(a, &gate, Bank.read, .{ &bank, rounds });
    gate.set();
    bank.write(2, rounds);
    w1.join();
    r1.join();
    r2.join();
    const torn = bank.torn.load(.monotonic);
    const ok = torn == 0 and bank.left + bank.right == 2000;
    try common.print("readers_writers rounds={d} total={d} {s}\n", .{ rounds, bank.left + bank.right, if (ok) "ok" else "WRONG" });
    if (!ok) std.process.exit(65);
}
