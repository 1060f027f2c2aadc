import Foundation
import GatewayTestSupport

/// A reply whose signature `openssl cms -verify` has accepted, taken apart without the gateway's own readers.
struct ReplyMessage {
    /// The label as XML text.
    let label: String
    /// The data parts, decoded.
    let parts: [String]

    init(_ exchange: HTTPExchange, checkedBy openssl: OpenSSL) async throws {
        try await self.init(exchange.body, checkedBy: openssl)
    }

    init(_ bytes: [UInt8], checkedBy openssl: OpenSSL) async throws {
        let content = String(decoding: try await openssl.verify(bytes), as: UTF8.self).replacing("\r\n", with: "\n")
        guard let boundary = content.firstMatch(of: #/boundary="([^"]+)"/#)?.1 else {
            throw Failure(description: "the reply is no multipart")
        }
        let pieces = content.components(separatedBy: "\n--\(boundary)")
        guard pieces.count >= 3, pieces.last?.hasPrefix("--") == true else {
            throw Failure(description: "the reply's parts cannot be told apart")
        }
        let bodies = pieces.dropFirst().dropLast().map { piece in
            piece.components(separatedBy: "\n\n").dropFirst().joined(separator: "\n\n")
        }
        self.label = bodies[0]
        self.parts = bodies.dropFirst().map { body in
            String(decoding: Data(base64Encoded: body, options: .ignoreUnknownCharacters) ?? Data(), as: UTF8.self)
        }
    }

    /// What one provider said in one part: `data`, an error as `SSBT-1`, `BT …`, or `missing`.
    func section(_ part: Int, _ provider: String) -> String {
        guard self.parts.indices.contains(part),
            let start = self.parts[part].firstRange(of: "<s:\(provider)>"),
            let end = self.parts[part].firstRange(of: "</s:\(provider)>")
        else { return "missing" }
        let section = self.parts[part][start.upperBound..<end.lowerBound]
        if section.hasPrefix("<s:data") { return "data" }
        guard let code = section.firstMatch(of: #/<s:felkod>([^<]*)</#)?.1,
            let source = section.firstMatch(of: #/<s:kalla>([^<]*)</#)?.1
        else { return "unreadable" }
        return source == "SSBT" ? String(code) : "\(source) \(code)"
    }

    /// Every section of a part, in the contract's order.
    func sections(_ part: Int) -> [String] { Role.providers.map { self.section(part, $0) } }

    func attribute(_ name: String) -> String? {
        let pattern = "\(name)=\""
        guard let start = self.label.firstRange(of: pattern)?.upperBound,
            let end = self.label[start...].firstIndex(of: "\"")
        else { return nil }
        return String(self.label[start..<end])
    }

    func element(_ name: String) -> String? {
        guard let start = self.label.firstRange(of: "<\(name)")?.upperBound,
            let open = self.label[start...].firstIndex(of: ">"),
            let end = self.label[open...].firstRange(of: "</\(name)>")?.lowerBound
        else { return nil }
        return String(self.label[self.label.index(after: open)..<end])
    }

    /// What `xmllint --schema` says against the contract; empty when it accepts every part.
    func schemaComplaints() async throws -> [String] {
        var complaints: [String] = []
        for (index, part) in self.parts.enumerated() {
            let file = try Workspace.file("part-\(index).xml", with: Array(part.utf8))
            let output = try await Program(["xmllint", "--noout", "--nonet", "--schema", Workspace.schema, file]).run()
            if output.status != 0 { complaints.append("part \(index): \(output.errorText)") }
        }
        return complaints
    }
}
