import Foundation

/// A token of SoftHSM with keys in it: made once, taken away and brought back as a person does with a card.
///
/// A process has one SoftHSM with one folder of tokens, which all suites share: every test makes tokens of its own.
package final class SoftToken: Sendable {
    /// One private key: its file (PKCS#8, PEM) and its label.
    package struct Key: Sendable {
        package let file: String
        package let label: String
        package let id: String

        package init(file: String, label: String, id: String) {
            self.file = file
            self.label = label
            self.id = id
        }
    }

    /// The PKCS#11 module of Debian's package softhsm2.
    package static let modulePath = "/usr/lib/softhsm/libsofthsm2.so"

    /// What a program needs in its environment to see the tokens; ours is set.
    package static func environment() throws -> String { "SOFTHSM2_CONF=\(try Self.prepared.get())/softhsm2.conf" }

    package let label: String
    package let pin: String
    /// Where SoftHSM sees the token, and where it is while taken away.
    private let place: String
    private let absence: String

    package init(keys: [Key], pin: String = "1234-secret") async throws {
        let folder = try Self.prepared.get()
        self.label = "test \(UInt32.random(in: 0 ... .max))"
        self.pin = pin
        // Made elsewhere and moved, so that no other test sees half a token.
        let workshop = "\(folder)/workshop-\(UUID().uuidString)"
        try Self.makeFolder(workshop, tokens: "\(workshop)/tokens")
        func softhsm(_ arguments: [String]) async throws {
            try await ChildProcess.run(
                ["env", "SOFTHSM2_CONF=\(workshop)/softhsm2.conf", "softhsm2-util", "--pin", pin] + arguments)
        }
        try await softhsm(["--init-token", "--free", "--label", self.label, "--so-pin", "87654321"])
        for key in keys {
            try await softhsm(["--import", key.file, "--token", self.label, "--label", key.label, "--id", key.id])
        }
        let tokens = try FileManager.default.contentsOfDirectory(atPath: "\(workshop)/tokens")
        guard let name = tokens.first, tokens.count == 1 else {
            throw PrivateBroker.Failure(description: "no token was made")
        }
        self.place = "\(folder)/tokens/\(name)"
        self.absence = "\(workshop)/\(name)"
        try FileManager.default.moveItem(atPath: "\(workshop)/tokens/\(name)", toPath: self.absence)
        try self.bring()
    }

    deinit { try? self.take() }

    /// As in a set's `NAME.uri`.
    package func uri(_ object: String) -> String {
        "pkcs11:token=\(self.label.replacingOccurrences(of: " ", with: "%20"));object=\(object);type=private"
    }

    package func take() throws { try FileManager.default.moveItem(atPath: self.place, toPath: self.absence) }
    package func bring() throws { try FileManager.default.moveItem(atPath: self.absence, toPath: self.place) }

    /// The token's user sets another PIN at the token.
    package func changePIN(to pin: String) async throws {
        try await ChildProcess.run([
            "env", Self.environment(), "pkcs11-tool", "--module", Self.modulePath, "--token-label", self.label,
            "--login",
            "--pin", self.pin, "--change-pin", "--new-pin", pin,
        ])
    }

    private static let prepared = Result {
        let folder = NSTemporaryDirectory() + "/shs-softhsm-\(ProcessInfo.processInfo.processIdentifier)"
        try SoftToken.makeFolder(folder, tokens: "\(folder)/tokens")
        atexit {
            let folder = NSTemporaryDirectory() + "/shs-softhsm-\(ProcessInfo.processInfo.processIdentifier)"
            try? FileManager.default.removeItem(atPath: folder)
        }
        unsafe setenv("SOFTHSM2_CONF", "\(folder)/softhsm2.conf", 1)
        return folder
    }

    private static func makeFolder(_ folder: String, tokens: String) throws {
        try FileManager.default.createDirectory(
            atPath: tokens, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let configuration = """
            directories.tokendir = \(tokens)
            objectstore.backend = file
            log.level = ERROR
            """
        try Data(configuration.utf8).write(to: URL(filePath: "\(folder)/softhsm2.conf"))
    }
}
