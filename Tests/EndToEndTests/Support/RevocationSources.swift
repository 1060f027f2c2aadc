import Foundation
import GatewayTestSupport

/// Authorities of one test that publish lists at a distribution point, or answer with `openssl ocsp`, with certificates that
/// say where, and a set that trusts them without any list of theirs.
final class RevocationSources: Sendable {
    let sets: CertificateSets
    /// What the simulated authorities hold is below it.
    let folder: String
    /// Folders with `transport` and `signer`: of authorities that publish lists, and of those that only answer.
    let listed: String
    let answered: String
    /// The same once more, for the default intervals; transport only.
    let later: (listed: String, answered: String)
    /// A body that is no message: a client that gets through is told 415.
    let known: [UInt8] = Array("x".utf8)
    private let place: StaticPlace

    init() async throws {
        let sets = try await CertificateSets(named: "revocation")
        let folder = Workspace.folder + "/client/revocation"
        Workspace.makeFolder(folder + "/published")
        Workspace.makeFolder(folder + "/simulators")
        let authorities = try await sets.shell("printf %s \"$CA/authorities\"")
        let place = try StaticPlace(folder: folder + "/published") { name, request in
            Self.respond(request, as: "\(authorities)/\(name)", in: folder)
        }
        try await sets.shell(Self.authorities + Self.certificates(folder, place))
        try await sets.change(Self.anchors)
        (self.sets, self.folder, self.place) = (sets, folder, place)
        (self.listed, self.answered) = (folder + "/listed", folder + "/answered")
        self.later = (folder + "/later-listed", folder + "/later-answered")
    }

    func stop() { self.place.stop() }

    /// What `openssl ocsp` answers for an authority; with a port of its own it would listen on every address.
    private static func respond(_ request: [UInt8], as authority: String, in folder: String) -> [UInt8]? {
        let name = "\(folder)/\(UUID().uuidString)"
        guard FileManager.default.createFile(atPath: "\(name).request", contents: Data(request)) else { return nil }
        let ended = DispatchSemaphore(value: 0)
        Task {
            _ = try? await Program([
                "openssl", "ocsp", "-reqin", "\(name).request", "-respout", "\(name).response", "-index",
                authority + "/index.txt", "-CA", authority + "/ca.crt", "-rsigner", authority + "/ca.crt", "-rkey",
                authority + "/ca.key", "-rmd", "sha256", "-ndays", "1",
            ]).run()
            ended.signal()
        }
        ended.wait()
        return FileManager.default.contents(atPath: "\(name).response").map { Array($0) }
    }

    /// A question about somebody, signed with the certificate of one of the folders.
    func signed(by peer: String) async throws -> [UInt8] {
        let content = try Workspace.file("content.mime", with: RequestMessage(about: .withMuchData()).bytes)
        let signed = Workspace.file("signed.mime")
        try await self.sets.shell(
            """
            openssl cms -sign -binary -md sha256 -in "\(content)" -out "\(signed)" -signer "\(peer)/signer.crt" \
                -inkey "\(peer)/signer.key"
            """)
        return Workspace.bytes(signed)
    }

    /// The authority revokes a certificate, and publishes its list; its responder knows it by itself.
    func revoke(_ authority: String, _ certificate: String) async throws {
        try await self.sets.shell(
            "openssl ca -config \"$CA/authorities/\(authority)/config\" -revoke \"\(certificate).crt\"")
        guard authority.hasPrefix("crl-") else { return }
        try await self.sets.shell(Self.published(authority, in: self.folder))
    }

    private static let authorities = """
        for kind in client signer provider; do authority.sh "$CA" "crl-$kind" "/CN=crl $kind"; done
        for kind in client signer; do authority.sh "$CA" "ocsp-$kind" "/CN=ocsp $kind"; done

        """

    private static func certificates(_ folder: String, _ place: StaticPlace) -> String {
        let name = "/C=SE/O=Kommun A/CN=kommun/serialNumber=16\(PKI.Organisation.municipalityA)"
        func issue(_ authority: String, _ profile: String, _ file: String, _ source: String) -> String {
            "issue.sh \"$CA\" \(authority) \(profile) \"\(folder)/\(file)\" '\(name)' \(source)\n"
        }
        func list(_ kind: String) -> String { "--crl \(place.address("crl-\(kind).crl"))" }
        func responder(_ kind: String) -> String { "--ocsp \(place.address("ocsp-\(kind)"))" }
        return ["client", "signer", "provider"].map { Self.published("crl-\($0)", in: folder) }.joined()
            + issue("crl-client", "client", "listed/transport", list("client"))
            + issue("crl-client", "client", "later-listed/transport", list("client"))
            + issue("crl-signer", "signer", "listed/signer", list("signer"))
            + issue("crl-provider", "server", "simulators/server", list("provider"))
            + issue("ocsp-client", "client", "answered/transport", responder("client"))
            + issue("ocsp-client", "client", "later-answered/transport", responder("client"))
            + issue("ocsp-signer", "signer", "answered/signer", responder("signer"))
            + "cp \"$CA/simulators/anchors.pem\" \"\(folder)/simulators/anchors.pem\"\n"
    }

    private static func published(_ authority: String, in folder: String) -> String {
        """
        openssl ca -config "$CA/authorities/\(authority)/config" -gencrl | openssl crl -outform DER -out "\(folder)/next"
        mv "\(folder)/next" "\(folder)/published/\(authority).crl"

        """
    }

    private static let anchors = """
        cat "$CA"/authorities/{crl,ocsp}-client/ca.crt >>"$SET/anchors/clients.pem"
        cat "$CA"/authorities/{crl,ocsp}-signer/ca.crt >>"$SET/anchors/signers.pem"
        cat "$CA/authorities/crl-provider/ca.crt" >>"$SET/anchors/providers.pem"
        """
}
