//! Merge sort: halves are sorted by threads of their own down to a depth of two. The joins are the
//! only synchronisation of the plain data.
const std = @import("std");
const common = @import("common.zig");

fn sort(a: std.mem.Allocator, data: []u32, scratch: []u32, depth: u32) void {
    if (data.len < 2) return;
    const middle = data.len / 2;
    if (depth > 0 and data.len > 8) {
        var gate = std.Thread.ResetEvent{};
        const thread = common.spawn(a, &gate, sort, .{ a, data[0..middle], scratch[0..middle], depth - 1 }) catch {
            std.process.exit(90);
        };
        gate.set();
        sort(a, data[middle..], scratch[middle..], depth - 1);
        thread.join();
    } else {
        sort(a, data[0..middle], scratch[0..middle], 0);
        sort(a, data[middle..], scratch[middle..], 0);
    }
    var left: usize = 0;
    var right: usize = middle;
    for (scratch) |*slot| {
        if (right >= data.len or (left < middle and data[left] <= data[right])) {
            slot.* = data[left];
            left += 1;
        } else {
            slot.* = data[right];
            right += 1;
        }
    }
    @memcpy(data, scratch);
}

pub fn main() !void {
    const a = common.allocator();
    const n = try common.size(a, 20000);
    const data = try a.alloc(u32, n);
    const scratch = try a.alloc(u32, n);
    var numbers = common.Numbers{ .state = 7 };
    var before: u64 = 0;
    for (data) |*x| {
        x.* = @truncate(numbers.next());
        before += x.*;
    }
    sort(a, data, scratch, 2);
    var after: u64 = 0;
    var ordered = true;
    for (data, 0..) |x, i| {
        after += x;
        if (i > 0 and data[i - 1] > x) ordered = false;
    }
    const ok = ordered and before == after;
    try common.print("parallel_sort n={d} sum={d} {s}\n", .{ n, after, if (ok) "ok" else "WRONG" });
    if (!ok) std.process.exit(65);
}
