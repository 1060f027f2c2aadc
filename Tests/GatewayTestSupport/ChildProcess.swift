import Glibc

/// Another program, in a session of its own, with none of our files open.
///
/// Not Foundation's `Process`: that waits until every grandchild has closed what it inherited, so a program that starts
/// a broker in the background would never end.
package enum ChildProcess {
    /// Runs to its end.
    ///
    /// What it printed; throws with that when it says no.
    @discardableResult
    package static func run(_ command: [String]) async throws -> String {
        let output = PrivateBroker.temporaryFolder + "/child-\(UInt64.random(in: 0 ... .max))"
        defer { unsafe unlink(output) }
        let pid = try self.spawn(command, output: output)
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, WNOHANG) == 0 {
            do {
                try await Task.sleep(for: .milliseconds(10))
            } catch {
                // The test's time is over. Its own session, so the whole group goes.
                kill(-pid, SIGKILL)
                unsafe waitpid(pid, &status, 0)
                throw error
            }
        }
        let text = self.contents(of: output)
        if status != 0 { throw PrivateBroker.Failure(description: "\(command): status \(status)\n\(text)") }
        return text
    }

    /// Starts it and lets it run on by itself.
    package static func start(_ command: [String]) throws {
        _ = try self.spawn(command, output: "/dev/null")
    }

    private static func spawn(_ command: [String], output: String) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // A number that is not open is passed over.
        for descriptor: Int32 in 3..<1_024 { unsafe posix_spawn_file_actions_addclose(&actions, descriptor) }
        let command = ["setsid"] + command
        var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var pid = pid_t()
        let status = unsafe posix_spawnp(&pid, command[0], &actions, nil, &arguments, environ)
        if status != 0 { throw PrivateBroker.Failure(description: "\(command[0]) cannot be started: \(status)") }
        return pid
    }

    private static func contents(of path: String) -> String {
        guard let file = unsafe fopen(path, "r") else { return "" }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, file) }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }
}
