import Foundation

/// A command line program with its environment, to be run to its end or to be started beside the test.
package struct Program: Sendable {
    /// What a program said that ran to its end.
    package struct Output: Sendable {
        /// Its exit code; 128 and the signal's number when a signal ended it.
        package let status: Int32
        package let standardOutput: [UInt8]
        package let errorText: String

        package var text: String { String(decoding: self.standardOutput, as: UTF8.self) }
    }

    package var command: [String]
    /// Replaces or adds to the environment of the test, from which the gateway's own settings (`SHS_…`) are left out.
    package var environment: [String: String]
    /// A file for its standard input.
    package var input: String

    package init(_ command: [String], environment: [String: String] = [:], input: String = "/dev/null") {
        self.command = command
        self.environment = environment
        self.input = input
    }

    /// Runs to its end; kills it and throws when that does not come in time.
    @discardableResult
    package func run(within limit: Duration = .seconds(60)) async throws -> Output {
        let files = PrivateBroker.temporaryFolder + "/program-\(UInt64.random(in: 0 ... .max))"
        let (output, errors) = (files + ".out", files + ".err")
        defer { for file in [output, errors] { try? FileManager.default.removeItem(atPath: file) } }
        let running = try self.start(output: output, errors: errors)
        let status: Int32
        do {
            status = try await running.end(within: limit)
        } catch {
            running.kill()
            throw error
        }
        return Output(
            status: status,
            standardOutput: [UInt8](FileManager.default.contents(atPath: output) ?? Data()),
            errorText: String(decoding: FileManager.default.contents(atPath: errors) ?? Data(), as: UTF8.self)
        )
    }

    /// Starts it, in a session of its own, with none of our files open and no signal held back.
    ///
    /// What it writes is added to the files.
    package func start(output: String, errors: String) throws -> RunningProgram {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let append = O_WRONLY | O_CREAT | O_APPEND
        unsafe posix_spawn_file_actions_addopen(&actions, 0, self.input, O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, append, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, append, 0o600)
        // A number that is not open is passed over.
        for descriptor: Int32 in 3..<1_024 { unsafe posix_spawn_file_actions_addclose(&actions, descriptor) }

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // The threads of Swift's pool hold signals back, and a child would inherit that.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SHS_") }
        inherited.merge(self.environment) { $1 }
        var arguments = unsafe (["setsid"] + self.command).map { unsafe strdup($0) } + [nil]
        var variables = unsafe inherited.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer {
            unsafe arguments.forEach { unsafe free($0) }
            unsafe variables.forEach { unsafe free($0) }
        }
        var pid = pid_t()
        let status = unsafe posix_spawnp(&pid, "setsid", &actions, &attributes, &arguments, &variables)
        if status != 0 { throw PrivateBroker.Failure(description: "\(self.command[0]) cannot be started: \(status)") }
        return RunningProgram(pid: pid, name: self.command[0])
    }
}
