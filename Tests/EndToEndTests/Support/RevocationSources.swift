import Foundation
import GatewayTestSupport

/// Authorities of one test that publish lists at a distribution point, or answer by `openssl ocsp`, with certificates that
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
    private let responders: [RunningProgram]

    init() async throws {
        let sets = try await CertificateSets(named: "revocation")
        let folder = Workspace.folder + "/client/revocation"
        Workspace.makeFolder(folder + "/published")
        Workspace.makeFolder(folder + "/simulators")
        let place = try StaticPlace(folder: folder + "/published")
        let ports = try LoopbackPort.free(2)
        try await sets.shell(Self.authorities + Self.certificates(folder, place, ports))
        try await sets.change(Self.anchors)
        (self.sets, self.folder, self.place) = (sets, folder, place)
        (self.listed, self.answered) = (folder + "/listed", folder + "/answered")
        self.later = (folder + "/later-listed", folder + "/later-answered")
        let authorities = try await sets.shell("printf %s \"$CA/authorities\"")
        self.responders = try zip(["client", "signer"], ports).map { kind, port in
            let authority = "\(authorities)/ocsp-\(kind)"
            let log = "\(folder)/ocsp-\(kind).log"
            return try Program([
                "openssl", "ocsp", "-port", "\(port)", "-index", authority + "/index.txt", "-CA",
                authority + "/ca.crt", "-rsigner", authority + "/ca.crt", "-rkey", authority + "/ca.key", "-rmd",
                "sha256", "-ndays", "1",
            ]).start(output: log, errors: log)
        }
    }

    func stop() {
        self.place.stop()
        for responder in self.responders { responder.kill() }
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

    private static func certificates(_ folder: String, _ place: StaticPlace, _ ports: [Int]) -> String {
        let name = "/C=SE/O=Kommun A/CN=kommun/serialNumber=16\(PKI.Organisation.municipalityA)"
        func issue(_ authority: String, _ profile: String, _ file: String, _ source: String) -> String {
            "issue.sh \"$CA\" \(authority) \(profile) \"\(folder)/\(file)\" '\(name)' \(source)\n"
        }
        func list(_ kind: String) -> String { "--crl \(place.address("crl-\(kind).crl"))" }
        func responder(_ port: Int) -> String { "--ocsp http://127.0.0.1:\(port)/" }
        return ["client", "signer", "provider"].map { Self.published("crl-\($0)", in: folder) }.joined()
            + issue("crl-client", "client", "listed/transport", list("client"))
            + issue("crl-client", "client", "later-listed/transport", list("client"))
            + issue("crl-signer", "signer", "listed/signer", list("signer"))
            + issue("crl-provider", "server", "simulators/server", list("provider"))
            + issue("ocsp-client", "client", "answered/transport", responder(ports[0]))
            + issue("ocsp-client", "client", "later-answered/transport", responder(ports[0]))
            + issue("ocsp-signer", "signer", "answered/signer", responder(ports[1]))
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
