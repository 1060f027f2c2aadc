import ArgumentParser
import Foundation
import Gateway
import Trust

/// `certificates reload`: asks every running process to load its certificates now, and says what each made of them.
struct CertificatesReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Make every running process load the set on disk now; print what each did.",
        discussion: "Exit 1 when a process refused the set or did not answer, or when none runs."
    )

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print one JSON object.") var json = false
    @Option(help: "Seconds to wait for the processes.") var timeout = 30

    func validate() throws {
        guard (1...3_600).contains(self.timeout) else { throw ValidationError("--timeout must be from 1 to 3600") }
    }

    func run() async throws {
        let configuration = try await RoleSettings.load(self.options.config).configuration
        let files = TrustFiles(
            directory: configuration.files.certificates, revocationFolder: configuration.files.revocation)
        guard !files.isSet else {
            // A file beside those that the manifest lists would make the set incomplete.
            throw ExitWith.failure("\(files.directory) is a set itself; send SIGHUP to the processes")
        }
        let folder = ProcessFolder(configuration.files)
        guard let request = FileMark.touch(files.request) else {
            throw ExitWith.failure("\(files.request): cannot be written")
        }
        let deadline = ContinuousClock.now + .seconds(self.timeout)
        var processes = folder.live()
        while processes.contains(where: { !$0.hasAnswered(request) }), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(50))
            processes = folder.live()
        }
        let answers = processes.map { ReloadAnswer($0, to: request) }
        if self.json {
            try JSONOutput.write(["processes": answers])
        } else if answers.isEmpty {
            print("no process runs")
        } else {
            for answer in answers { print(answer.text) }
        }
        guard !answers.isEmpty, answers.allSatisfy({ $0.result == .accepted }) else { throw ExitWith.no }
    }
}

/// What one process made of a request to reload.
private struct ReloadAnswer: Encodable {
    enum Result: String, Encodable {
        case accepted, refused
        case noAnswer = "no-answer"
    }

    let role: String
    let pid: Int32
    /// The set in force now.
    let set: Int
    let generation: Int
    let result: Result
    let problems: [String]

    init(_ process: ProcessState, to request: FileMark) {
        self.role = process.role
        self.pid = process.pid
        self.set = process.set
        self.generation = process.generation
        self.result = !process.hasAnswered(request) ? .noAnswer : process.lastRefusal == nil ? .accepted : .refused
        self.problems = self.result == .refused ? process.lastRefusal?.problems ?? [] : []
    }

    var text: String {
        let who = "\(self.role) \(self.pid)"
        return switch self.result {
        case .accepted: "\(who): accepted, set \(self.set)"
        case .refused:
            (["\(who): refused, set \(self.set) stays in force"] + self.problems.map { "  \($0)" })
                .joined(separator: "\n")
        case .noAnswer: "\(who): no answer, set \(self.set) in force"
        }
    }
}

extension ProcessState {
    fileprivate func hasAnswered(_ request: FileMark) -> Bool { (self.answeredRequest ?? 0) >= request.modified }
}

extension FileMark {
    /// Makes a file if need be and gives it a time that it has not had; nil when that cannot be done.
    fileprivate static func touch(_ path: String) -> FileMark? {
        let before = FileMark(path: path)
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        repeat {
            // Now, by the file system's clock, which may stand still for some milliseconds.
            guard futimens(descriptor, nil) == 0 else { return nil }
        } while FileMark(path: path)?.modified == before?.modified
        return FileMark(path: path)
    }
}
