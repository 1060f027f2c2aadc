import Foundation
import GatewayTestSupport

/// The numbered sets of one system, changed with the same scripts that security staff use; the development PKI plays the
/// certificate authorities.
struct CertificateSets: Sendable {
    let folder: String
    private let authorities: String
    private let program: String

    /// A copy of the shared PKI's first set, so that other tests keep theirs.
    init(named name: String) async throws {
        let shared = try await PKI.shared()
        self.folder = "\(Workspace.folder)/\(name)-sets"
        self.authorities = shared.folder
        self.program = try Workspace.program()
        Workspace.makeFolder(self.folder)
        try await self.shell("cp -a \"$CA/0001\" \"$CA/current\" \"$SETS/\"")
    }

    /// The number of the set in use.
    var current: Int {
        get throws {
            let target = try FileManager.default.destinationOfSymbolicLink(atPath: self.folder + "/current")
            return Int(target) ?? 0
        }
    }

    func path(_ name: String) -> String { "\(self.folder)/current/\(name)" }

    /// Makes the next set from the current one: `steps` change it in `$SET`; then it is sealed and put to use.
    func change(_ steps: String) async throws {
        let number = try await self.shell("set.sh \"$SETS\" new").trimmingCharacters(in: .whitespacesAndNewlines)
        try await self.shell("SET=\"$SETS/\(number)\"\n" + steps)
        try await self.shell("set.sh \"$SETS\" seal \(number)\nset.sh \"$SETS\" use \(number)")
    }

    /// Runs steps with `$SETS` (the sets), `$CA` (the development PKI), and the scripts and the program by their names.
    @discardableResult
    func shell(_ steps: String, environment: [String: String] = [:]) async throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let scripts = Workspace.repository + "/Certificates"
        let programs = URL(filePath: self.program).deletingLastPathComponent().path
        var variables = [
            "SETS": self.folder, "CA": self.authorities, "PATH": "\(scripts):\(programs):\(path)",
        ]
        variables.merge(environment) { $1 }
        let output = try await Program(["bash", "-euo", "pipefail", "-c", steps], environment: variables)
            .run(within: .seconds(90))
        guard output.status == 0 else {
            throw Failure(description: "\(steps)\n\(output.status) \(output.text)\n\(output.errorText)")
        }
        return output.text
    }
}
