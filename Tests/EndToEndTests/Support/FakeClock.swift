import Foundation
import GatewayTestSupport

/// Programs whose clock is another one: Debian's `faketime`, on the built program as it is.
enum FakeClock {
    /// A command that begins at a moment, in seconds since 1970, with a clock that runs on from there.
    static func command(_ command: [String], at instant: Int64) -> [String] {
        ["faketime", "-m", "-f", self.text(instant)] + command
    }

    /// The same for a program that waits: what it sleeps is real time, whatever its clock says.
    ///
    /// - Parameter speed: how many times faster its clock runs.
    static func server(_ command: [String], at instant: Int64, speed: Int = 1) async throws -> [String] {
        ["faketime", "-m", "--exclude-monotonic", "-f", "\(self.text(instant)) x\(speed)", "env"]
            + ["LD_PRELOAD=\(try await self.realTimers.value):\(try self.library)"] + command
    }

    /// `@2026-01-31 12:00:00`, which `faketime` takes for local time: it is run with `TZ=UTC`.
    private static func text(_ instant: Int64) -> String {
        let text = Date(timeIntervalSince1970: TimeInterval(instant)).formatted(.iso8601)
        return "@" + text.replacing("T", with: " ").replacing("Z", with: "")
    }

    /// The one for programs with threads.
    private static var library: String {
        get throws {
            let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []
            let path = folders.lazy.map { "/usr/lib/\($0)/faketime/libfaketimeMT.so.1" }
                .first(where: FileManager.default.fileExists(atPath:))
            guard let path else { throw Failure(description: "libfaketime is missing (apt-get install faketime)") }
            return path
        }
    }

    /// Goes before libfaketime and gives the timers back to the kernel.
    ///
    /// libfaketime takes every timer for one of the wall clock, so that all sleeps of libdispatch would last for ever.
    private static let realTimers = Task {
        let source = """
            #include <sys/syscall.h>
            #include <sys/timerfd.h>
            #include <unistd.h>
            int timerfd_settime(int fd, int flags, const struct itimerspec *value, struct itimerspec *old) {
                return (int)syscall(SYS_timerfd_settime, fd, flags, value, old);
            }
            """
        let (file, library) = (try Workspace.file("timers.c", with: Array(source.utf8)), Workspace.file("timers.so"))
        let output = try await Program(["clang", "-shared", "-fPIC", "-o", library, file]).run()
        guard output.status == 0 else { throw Failure(description: output.errorText) }
        return library
    }
}
