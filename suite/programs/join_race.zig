//! A finding, kept to be explored, not a test: join() of Zig 0.14.1 hangs when a thread ends before
//! spawn() has stored its tid (std/Thread.zig, WasiThreadImpl.spawn: `instance.thread.tid.store`
//! after thread-spawn returned, over the 0 of wasi_thread_start). Any runtime may show it.
const std = @import("std");
const common = @import("common.zig");

fn nothing(done: *std.atomic.Value(u32)) void {
    _ = done.fetchAdd(1, .seq_cst);
}

pub fn main() !void {
    const a = common.allocator();
    var done = std.atomic.Value(u32).init(0);
    const thread = try std.Thread.spawn(common.config(a), nothing, .{&done});
    thread.join();
    try common.print("join_race done={d} ok\n", .{done.load(.seq_cst)});
}
