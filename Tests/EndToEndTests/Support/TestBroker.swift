import Foundation
import GatewayTestSupport

/// The broker of these tests: one node, a virtual host for each system, TLS with the certificates of the PKI.
///
/// Not the one that other suites share: this one is killed.
enum TestBroker {
    static let virtualHosts = [
        "main", "serve", "encrypted", "rotation", "revoked", "revocation", "handbook", "twins", "token",
    ]
    /// Users that log in with a client certificate: the common names that generate.sh gives.
    private static let certificateUsers = ["ingress", "worker", "correlator"]

    private static let sharedTask = Task {
        let pki = try await PKI.shared()
        func pair(_ name: String) -> (certificate: String, key: String) {
            (pki.path(name + ".crt"), pki.path(name + ".key"))
        }
        let broker = try await PrivateBroker.start(
            pki: BrokerPKI(
                authority: pki.setPath("anchors/broker.pem"), server: pair("broker/server"),
                client: pair("current/node/broker-client/all/1"), stranger: pair("bad/untrusted/transport")))
        let file = try Workspace.file("definitions.json", with: Array(try Self.definitions().utf8))
        try await broker.control("import_definitions", file)
        return broker
    }

    static func shared() async throws -> PrivateBroker { try await self.sharedTask.value }

    /// Number of messages in each queue of a virtual host, by name.
    static func queues(of virtualHost: String) async throws -> [String: Int] {
        let text = try await self.shared().control("list_queues", "-p", virtualHost, "--quiet", "name", "messages")
        var queues: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t")
            if fields.count == 2, let count = Int(fields[1]) { queues[String(fields[0])] = count }
        }
        return queues
    }

    /// Waits until no queue holds a message; what is still there when the time is out.
    static func leftovers(in virtualHost: String, within limit: Duration = .seconds(40)) async throws -> [String: Int] {
        let deadline = ContinuousClock.now + limit
        while true {
            let queues = try await self.queues(of: virtualHost)
            guard !queues.isEmpty else { throw Failure(description: "\(virtualHost) has no queues at all") }
            let left = queues.filter { $0.value > 0 }
            if left.isEmpty || ContinuousClock.now > deadline { return left }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private static func definitions() throws -> String {
        let users = Self.certificateUsers.map { ["name": $0, "password_hash": "", "tags": ""] }
        let permissions = Self.virtualHosts.flatMap { host in
            ([PrivateBroker.user] + Self.certificateUsers).map {
                ["user": $0, "vhost": host, "configure": ".*", "write": ".*", "read": ".*"]
            }
        }
        let all: [String: [[String: String]]] = [
            "vhosts": Self.virtualHosts.map { ["name": $0] }, "users": users, "permissions": permissions,
        ]
        return String(decoding: try JSONEncoder().encode(all), as: UTF8.self)
    }
}
