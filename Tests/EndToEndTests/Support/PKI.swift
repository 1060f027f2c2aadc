import GatewayTestSupport

/// The throw-away PKI of `Certificates/generate.sh`; one for all tests of this process.
struct PKI: Sendable {
    let folder: String

    private static let sharedTask = Task {
        let folder = Workspace.folder + "/pki"
        let output = try await Program(["bash", Workspace.repository + "/Certificates/generate.sh", folder]).run()
        guard output.status == 0 else { throw Failure(description: output.errorText) }
        return PKI(folder: folder)
    }

    static func shared() async throws -> PKI { try await self.sharedTask.value }

    /// For example `peers/kommun-a/transport.crt`.
    func path(_ name: String) -> String { "\(self.folder)/\(name)" }

    /// A file of the set in use, for example `anchors/clients.pem`.
    func setPath(_ name: String) -> String { "\(self.folder)/current/\(name)" }

    /// Who takes part, by the folder of its certificates.
    enum Peer: String, Sendable {
        case municipalityA = "peers/kommun-a"
        case municipalityB = "peers/kommun-b"
        case supplier = "peers/supplier"
        case unregistered = "peers/unregistered"
        case expired = "bad/expired"
        case notYetValid = "bad/not-yet-valid"
        case revoked = "bad/revoked"
        case weakKey = "bad/weak-key"
        case weakDigest = "bad/weak-digest"
        case untrusted = "bad/untrusted"
        case wrongExtendedUsage = "bad/usage-extended"
        case wrongKeyUsage = "bad/usage-key"
    }

    /// Organisation numbers as generate.sh gives them.
    enum Organisation {
        static let municipalityA = "2120009911"
        static let municipalityB = "2120009929"
        static let unregistered = "2120009937"
        static let node = "2021005521"
    }
}
