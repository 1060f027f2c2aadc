import HTTPIngress
import SHS
import Synchronization
import Testing

/// Every refusal of the endpoint's own is told once, with a reason from a closed list and, if known, the client.
@Suite(.timeLimit(.minutes(5)))
struct RefusalNotingTests {
    private final class Notes: RefusalNoting {
        struct Note: Equatable {
            let reason: String
            let client: [[UInt8]]
        }

        private let notes = Mutex<[Note]>([])
        var all: [Note] { self.notes.withLock { $0 } }
        var reasons: [String] { self.all.map(\.reason) }

        func refused(_ reason: String, client: [[UInt8]]) {
            self.notes.withLock { $0.append(Note(reason: reason, client: client)) }
        }
    }

    @Test(arguments: [
        ("GET /shs/rs HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "method-not-allowed"),
        ("POST /elsewhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "not-found"),
        ("POST /shs/rs HTTP/1.1\r\nHost: a\r\nExpect: more\r\nConnection: close\r\n\r\n", "expectation-failed"),
        (request("", length: 1_001), "message-too-large"), (request("a beginning", length: 1_000), "message-too-slow"),
        ("POST /shs/rs HTTP/1.1\r\nHost:", "message-too-slow"),
        (request("x", fields: ["Transfer-Encoding: chunked"]), "bad-request"), ("\u{1}\u{2}\r\n\r\n", "bad-request"),
        (request("x", fields: ["Content-Encoding: gzip"]), "wrong-content-type"),
        (request("x", fields: ["X: " + String(repeating: "x", count: 3_000)]), "header-too-large"),
    ])
    func `what is refused is told once, with its reason and the client`(text: String, reason: String) async throws {
        let notes = Notes()
        try await RunningIngress.with(
            noting: notes,
            configure: {
                $0.maximumBodyBytes = 1_000
                $0.maximumHeaderBytes = 2_048
                $0.headerTime = .milliseconds(300)
                $0.bodyGrace = .milliseconds(300)
                $0.minimumBodyRate = 1_000_000
            }
        ) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(text)
                _ = await connection.receiveToEnd()
            }
            let client = try server.certificates.bytes("client.der")
            #expect(notes.reasons == [reason])
            #expect(notes.all.first?.client.first == client)
        }
    }

    @Test func `what the handler refuses is not told, since the handler knows`() async throws {
        let notes = Notes()
        let handler = TestHandler { _ in .refused(.signatureInvalid, retryAfter: nil) }
        try await RunningIngress.with(handler: handler, noting: notes) { server in
            _ = try await server.curl(["--data-binary", "Hej", server.url])
        }
        #expect(notes.reasons == [])
    }

    @Test func `a client that is not accepted is told of without its certificate, which may be anybody's`() async throws
    {
        let notes = Notes()
        try await RunningIngress.with(noting: notes) { server in
            server.credentials.refuse(try server.certificates.bytes("stranger.der"))
            _ = try await server.curl(["--data-binary", "Hej", server.url], as: "stranger")
            _ = try await server.curl(["--data-binary", "Hej", server.url], as: nil)
            #expect(notes.all == [Notes.Note(reason: "transport-untrusted", client: [])])
            // One that is refused on an open connection is no longer known either.
            try await RawConnection.with(server) { connection in
                try await connection.send(request("first"))
                #expect(try await connection.receiveResponse().hasSuffix("first"))
                server.credentials.refuse(try server.certificates.bytes("client.der"))
                try await connection.send(request("second"))
                _ = await connection.receiveToEnd()
            }
            #expect(notes.all.last == Notes.Note(reason: "transport-untrusted", client: []))
            #expect(notes.all.count == 2)
        }
    }

    @Test func `a client that does not read its response is closed, and told of`() async throws {
        let notes = Notes()
        let handler = TestHandler { _ in .reply([UInt8](repeating: 1, count: 64 << 20)) }
        try await RunningIngress.with(
            handler: handler, noting: notes, configure: { $0.responseTime = .milliseconds(300) }
        ) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("Hej"))
                // Reads nothing until the server has given up.
                #expect(await eventually { !notes.reasons.isEmpty })
            }
            #expect(notes.reasons == ["response-timeout"])
            #expect(notes.all.first?.client.isEmpty == false)
        }
    }

    @Test func `a client with as many connections as it may is told of`() async throws {
        let notes = Notes()
        try await RunningIngress.with(noting: notes, configure: { $0.maximumConnectionsPerCertificate = 1 }) { server in
            try await RawConnection.with(server) { first in
                try await first.send(request("first"))
                #expect(try await first.receiveResponse().hasSuffix("first"))
                let second = try await server.curl(["--data-binary", "second", server.url])
                #expect(second.status != 0)
                // Another client has its own.
                let other = try await server.curl(["--data-binary", "other", server.url], as: "stranger")
                #expect(other.output.hasSuffix("other"), "\(other.errors)")
            }
            #expect(notes.reasons == ["too-many-connections"])
        }
    }

    private func eventually(_ isSo: () -> Bool) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(60)
        while !isSo() {
            if ContinuousClock.now > deadline { return false }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return true
    }
}
