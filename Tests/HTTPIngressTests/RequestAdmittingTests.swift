import HTTPIngress
import SHS
import Synchronization
import Testing

/// What is refused by the client alone, before its body is read.
@Suite(.timeLimit(.minutes(5)))
struct RequestAdmittingTests {
    /// Gives so many permits at the same time.
    private final class Places: RequestAdmitting {
        private final class Place: RequestPermit {
            private let places: Places
            init(_ places: Places) { self.places = places }
            deinit { self.places.taken.withLock { $0 -= 1 } }
        }

        let taken = Mutex(0)
        let clients = Mutex<[[UInt8]]>([])
        private let count: Int

        init(_ count: Int) { self.count = count }

        func admit(_ client: [[UInt8]]) -> RequestAdmittance {
            self.clients.withLock { $0.append(client.first ?? []) }
            let isFree = self.taken.withLock { taken in
                guard taken < self.count else { return false }
                taken += 1
                return true
            }
            return isFree ? .admitted(Place(self)) : .refused(retryAfter: .milliseconds(2_001))
        }

        var isEmpty: Bool { self.taken.withLock { $0 } == 0 }
    }

    @Test func `who is refused reads when to come again, on a connection that goes on`() async throws {
        let places = Places(0)
        try await RunningIngress.with(admitting: places) { server in
            try await RawConnection.with(server) { connection in
                for body in ["", "first", String(repeating: "x", count: 60_000)] {
                    try await connection.send(request(body))
                    let response = try await connection.receiveResponse()
                    expectRefusal(response, .tooManyRequests, status: "429 Too Many Requests", closes: false)
                    #expect(response.contains("Retry-After: 3\r\n"))
                }
                try await connection.send(
                    "POST /shs/rs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                )
                let response = try await connection.receiveResponse()
                expectRefusal(response, .tooManyRequests, status: "429 Too Many Requests", closes: false)
            }
            #expect(places.clients.withLock { $0.count } == 4 && places.clients.withLock { Set($0).count } == 1)
        }
        #expect(places.isEmpty)
    }

    @Test func `requests that are sent one behind the other are refused one by one`() async throws {
        let places = Places(0)
        try await RunningIngress.with(admitting: places) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("first") + request("second") + request("third"))
                for _ in 0..<3 {
                    let response = try await connection.receiveResponse()
                    expectRefusal(response, .tooManyRequests, status: "429 Too Many Requests", closes: false)
                }
            }
            #expect(server.handler.requests.isEmpty)
        }
    }

    @Test(arguments: [["Expect: 100-continue"], ["Connection: close"], []])
    func `a body that would take too much is not waited for`(_ fields: [String]) async throws {
        try await RunningIngress.with(admitting: Places(0)) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("", fields: fields, length: fields.isEmpty ? 65_537 : 10))
                let response = await connection.receiveToEnd()
                expectRefusal(response, .tooManyRequests, status: "429 Too Many Requests")
            }
        }
    }

    @Test func `chunks without an end are not read for ever`() async throws {
        try await RunningIngress.with(admitting: Places(0)) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(
                    "POST /shs/rs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = "4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n"
                for _ in 0..<5 { try? await connection.send(chunk) }
                let response = await connection.receiveToEnd()
                expectRefusal(response, .tooManyRequests, status: "429 Too Many Requests")
            }
        }
    }

    @Test func `a body that does not come while it is thrown away is refused as too slow`() async throws {
        try await RunningIngress.with(
            admitting: Places(0), configure: { $0.bodyGrace = .milliseconds(100) }
        ) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("", length: 10))
                expectRefusal(await connection.receiveToEnd(), .messageTooSlow, status: "408 Request Timeout")
            }
        }
    }

    @Test func `a permit is held until the response has left, and then by nobody`() async throws {
        let places = Places(1)
        let gate = Gate()
        // The test's own handler would keep the request.
        let handler = TestHandler(remembers: false) {
            await gate.pass()
            return .reply($0.body)
        }
        try await RunningIngress.with(handler: handler, admitting: places) { server in
            try await RawConnection.with(server) { first in
                try await first.send(request("first"))
                await gate.someoneWaits()
                try await RawConnection.with(server) { second in
                    try await second.send(request("second"))
                    let response = try await second.receiveResponse()
                    expectRefusal(response, .tooManyRequests, status: "429 Too Many Requests", closes: false)
                    gate.open()
                    #expect(try await first.receiveResponse().hasSuffix("first"))
                    while !places.isEmpty { await Task.yield() }
                    try await second.send(request("again"))
                    #expect(try await second.receiveResponse().hasSuffix("again"))
                }
            }
        }
        #expect(places.isEmpty)
    }

    @Test func `a client that goes in the middle of its body gives its permit back`() async throws {
        let places = Places(1)
        try await RunningIngress.with(admitting: places) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("", length: 10) + "abc")
                while places.isEmpty { await Task.yield() }
            }
            while !places.isEmpty { await Task.yield() }
        }
    }
}
