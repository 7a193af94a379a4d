//! What the programs share: memory for threads, the size argument, one line of output.
const std = @import("std");

// std.heap.wasm_allocator refuses threads; everything comes from one static array.
var arena: [6 << 20]u8 align(16) = undefined;
var fixed: std.heap.FixedBufferAllocator = undefined;

pub fn allocator() std.mem.Allocator {
    fixed = std.heap.FixedBufferAllocator.init(&arena);
    return fixed.threadSafeAllocator();
}

/// Starts a thread that waits for `gate` before it runs `f`. Set the gate when spawn has returned:
/// std.Thread.spawn (Zig 0.14.1, WasiThreadImpl) stores the tid after the child may have ended and
/// set it to 0, and then join() waits for ever (suite/findings/join_race.zig shows it).
pub fn spawn(a: std.mem.Allocator, gate: *std.Thread.ResetEvent, comptime f: anytype, args: anytype) !std.Thread {
    const Args = @TypeOf(args);
    const Gated = struct {
        fn run(opened: *std.Thread.ResetEvent, inner: Args) void {
            opened.wait();
            @call(.auto, f, inner);
        }
    };
    return std.Thread.spawn(config(a), Gated.run, .{ gate, args });
}

pub fn config(a: std.mem.Allocator) std.Thread.SpawnConfig {
    return .{ .allocator = a, .stack_size = 64 << 10 };
}

/// The first argument as a number, or `default`.
pub fn size(a: std.mem.Allocator, default: usize) !usize {
    var args = try std.process.argsWithAllocator(a);
    _ = args.skip();
    const text = args.next() orelse return default;
    return std.fmt.parseInt(usize, text, 10);
}

pub fn print(comptime format: []const u8, arguments: anytype) !void {
    var buffer: [256]u8 = undefined;
    const text = try std.fmt.bufPrint(&buffer, format, arguments);
    try std.io.getStdOut().writeAll(text);
}

/// A small generator of numbers, the same on every engine.
pub const Numbers = struct {
    state: u64,
    pub fn next(self: *Numbers) u64 {
        self.state = self.state *% 6364136223846793005 +% 1442695040888963407;
        return self.state >> 33;
    }
};
