//! A finding, kept to be explored, not a test: join() of Zig 0.14.1 hangs when a thread ends before
//! spawn() has stored its tid (std/Thread.zig, WasiThreadImpl.spawn: `instance.thread.tid.store`
//! after thread-spawn returned, over the 0 of wasi_thread_start). Any runtime may show it.
const std = @import("std");

var arena: [1 << 20]u8 align(16) = undefined;

fn nothing(done: *std.atomic.Value(u32)) void {
    _ = done.fetchAdd(1, .seq_cst);
}

pub fn main() !void {
    var fixed = std.heap.FixedBufferAllocator.init(&arena);
    var done = std.atomic.Value(u32).init(0);
    const thread = try std.Thread.spawn(.{ .allocator = fixed.threadSafeAllocator(), .stack_size = 64 << 10 }, nothing, .{&done});
    thread.join();
    var buffer: [64]u8 = undefined;
    try std.io.getStdOut().writeAll(try std.fmt.bufPrint(&buffer, "join_race done={d} ok\n", .{done.load(.seq_cst)}));
}
