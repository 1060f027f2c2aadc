import Foundation
import Testing

extension EndToEndTests {
    /// Keys, and where the machine allows it all memory, are not written to swap.
    struct LockedMemoryTests {
        private static let warning = "Sealing keys are in memory that may be swapped"

        @Test func `every role has its keys locked in memory`() async throws {
            let system = try await SharedSystem.main()
            for role in system.plan.roles where role != .simulate {
                #expect(Self.lockedKiB(system.pid(role)) > 0, "\(role.name)")
                #expect(!Workspace.text(system.log(role)).contains(Self.warning), "\(role.name)")
            }
        }

        @Test func `with memory.lock off the keys are locked all the same, and nothing else is`() async throws {
            let process = try await LoneProcess(
                sets: try await PKI.shared().folder, settings: ["SHS_MEMORY_LOCK": "false"])
            _ = try await process.port()
            #expect((1...1_024).contains(Self.lockedKiB(process.pid)))
            #expect(process.lines(Self.warning) == [])
            try await process.stop()
        }

        @Test func `a role that may lock nothing says so`() async throws {
            // Root is asked for no limit unless it has lost these capabilities.
            let wrapper =
                ["prlimit", "--memlock=0:0"]
                + (geteuid() == 0 ? ["setpriv", "--bounding-set", "-ipc_lock,-sys_resource"] : [])
            let process = try await LoneProcess(under: wrapper, sets: try await PKI.shared().folder)
            try await process.wait(for: "the warning") { !process.lines(Self.warning).isEmpty }
            #expect(Self.lockedKiB(process.pid) == 0)
            try await process.stop()
        }

        /// What the kernel keeps out of swap of a process.
        private static func lockedKiB(_ pid: pid_t) -> Int {
            let line = Workspace.text("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("VmLck:") }
            return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }
    }
}
