import GatewayTestSupport

/// The `openssl` command line as a municipality's own tool: signs requests, and gives the second opinion about replies.
struct OpenSSL {
    let pki: PKI

    /// A signed entity: `multipart/signed`, or `application/pkcs7-mime` with `-nodetach` among the options.
    func sign(_ content: [UInt8], as peer: PKI.Peer = .municipalityA, options: [String] = []) async throws -> [UInt8] {
        let signer = self.pki.path(peer.rawValue + "/signer")
        let input = try Workspace.file("content.mime", with: content)
        let output = Workspace.file("signed.mime")
        try await self.run(
            [
                "cms", "-sign", "-binary", "-in", input, "-out", output, "-signer", signer + ".crt", "-inkey",
                signer + ".key",
            ]
                + (options.contains("-md") ? options : ["-md", "sha256"] + options))
        return Workspace.bytes(output)
    }

    func encrypt(_ content: [UInt8]) async throws -> [UInt8] {
        let input = try Workspace.file("content.mime", with: content)
        let output = Workspace.file("encrypted.mime")
        try await self.run(
            [
                "cms", "-encrypt", "-binary", "-aes256", "-in", input, "-out", output,
                self.pki.path("bad/weak-key/signer.crt"),
            ])
        return Workspace.bytes(output)
    }

    /// What a reply's signature covers; throws when openssl does not accept it.
    func verify(_ reply: [UInt8]) async throws -> [UInt8] {
        let input = try Workspace.file("reply.mime", with: reply)
        let output = Workspace.file("reply-content.mime")
        try await self.run(
            ["cms", "-verify", "-in", input, "-CAfile", self.pki.path("peers/reply-anchors.pem"), "-out", output])
        return Workspace.bytes(output)
    }

    private func run(_ arguments: [String]) async throws {
        let output = try await Program(["openssl"] + arguments).run()
        if output.status != 0 {
            throw Failure(description: "openssl \(arguments[1]): \(output.errorText)")
        }
    }
}
