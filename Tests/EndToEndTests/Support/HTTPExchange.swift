import Foundation
import GatewayTestSupport

/// One request by `curl` and what came back.
struct HTTPExchange: Sendable {
    /// 0 when there was no HTTP response at all.
    let status: Int
    /// Names in small letters.
    let headers: [String: String]
    let body: [UInt8]
    let seconds: Double

    var bodyText: String { String(decoding: self.body, as: UTF8.self) }
}

extension GatewaySystem {
    /// Posts a message with a party's client certificate.
    ///
    /// - Parameters:
    ///   - peer: nil presents no certificate.
    ///   - options: further ones of curl.
    func post(
        _ message: [UInt8], as peer: PKI.Peer? = .municipalityA, contentType: String = "message/rfc822",
        options: [String] = []
    ) async throws -> HTTPExchange {
        let input = try Workspace.file("request.mime", with: message)
        return try await self.curl(
            ["--data-binary", "@" + input, "--header", "Content-Type: " + contentType] + options, as: peer, self.url)
    }

    func curl(_ options: [String], as peer: PKI.Peer?, _ url: String) async throws -> HTTPExchange {
        let (head, body) = (Workspace.file("head"), Workspace.file("body"))
        var command = [
            "curl", "--silent", "--noproxy", "*", "--ipv4", "--max-time", "60", "--cacert",
            self.pki.path("peers/server-anchors.pem"), "--dump-header", head, "--output", body, "--write-out",
            "%{http_code} %{time_total}",
        ]
        if let peer {
            let transport = self.pki.path(peer.rawValue + "/transport")
            command += ["--cert", transport + ".crt", "--key", transport + ".key"]
        }
        let output = try await Program(command + options + [url]).run(within: .seconds(90))
        let fields = output.text.split(separator: " ")
        guard fields.count == 2, let status = Int(fields[0]), let seconds = Double(fields[1]) else {
            throw Failure(description: "curl: \(output.status) \(output.errorText)")
        }
        return HTTPExchange(
            status: status, headers: Self.headers(Workspace.text(head)), body: Workspace.bytes(body), seconds: seconds)
    }

    /// Those of the last response: a `100 Continue` may stand before it.
    private static func headers(_ text: String) -> [String: String] {
        let last = text.replacing("\r\n", with: "\n").components(separatedBy: "\n\n").last { !$0.isEmpty } ?? ""
        let pairs = last.split(separator: "\n").dropFirst().compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
