import Foundation
import Logging
import Revocation
import ServiceLifecycle
import Testing
import Trust

/// The service against real places: files and a server that behaves, misbehaves and changes.
@Suite(.serialized)
struct RevocationServiceTests {
    private let issuer: TestIssuer
    private let folder: TestFolder

    init() throws {
        self.issuer = try TestIssuer("Issuer")
        self.folder = try TestFolder()
    }

    private func list(_ number: Int, revoking serials: [String] = []) throws -> [UInt8] {
        try self.issuer.list(
            number: number, from: now() - hour + Int64(number), until: now() + 24 * hour, revoking: serials)
    }

    /// Interest in one certificate whose lists are at `address`.
    private func interest(_ address: String, name: String = "holder") throws -> RevocationInterest {
        RevocationInterest(
            authorities: [try self.issuer.der()],
            certificates: [try self.issuer.issue(name, extensions: "crlDistributionPoints=URI:\(address)")])
    }

    private func pem(_ list: [UInt8]) -> [UInt8] {
        let text = Data(list).base64EncodedString(options: .lineLength64Characters)
        return [UInt8]("-----BEGIN X509 CRL-----\n\(text)\n-----END X509 CRL-----\n".utf8)
    }

    @Test func `a distribution point is fetched, and a new list there is in force soon`() async throws {
        let server = try await PlaceServer()
        server.set("/crl", .bytes(try self.list(1)))
        let interest = try self.interest(server.address("/crl"))
        try await RunningService.run(RunningService.configuration(), interest: interest) { running in
            try await running.wait("the first list") { $0.lists.count == 1 }
            #expect(running.state.issuers.map(\.stage) == [.fresh])
            server.set("/crl", .bytes(try self.list(2, revoking: ["77"])))
            try await running.wait("the second list") { $0.lists.first?.count == 1 }
            // Two lists, two changes, however often the place was asked.
            try await running.wait("further polls") { _ in server.count("/crl") > 5 }
            #expect(running.changeCount == 2)
        }
        await server.stop()
    }

    @Test func `an unchanged list is not sent again by a server that can say so`() async throws {
        let server = try await PlaceServer()
        server.set("/crl", .bytes(try self.list(1), tag: "\"one\""))
        let interest = try self.interest(server.address("/crl"))
        try await RunningService.run(RunningService.configuration(), interest: interest) { running in
            try await running.wait("polls") { _ in server.count("/crl") > 5 }
            #expect(running.state.lists.count == 1 && running.changeCount == 1)
            #expect(running.state.sources.first?.failure == nil)
            server.set("/crl", .bytes(try self.list(2), tag: "\"two\""))
            try await running.wait("the second list") { _ in running.changeCount == 2 }
        }
        await server.stop()
    }

    @Test func `bad places and bad lists leave what was held, are told once, and end when the place is good again`()
        async throws
    {
        let server = try await PlaceServer()
        let interest = try self.interest(server.address("/crl"))
        let other = try TestIssuer("Other")
        let impostor = try TestIssuer("Issuer")
        let day = 24 * hour
        let bad: [(PlaceServer.Reply, String)] = [
            (.flood(200_000_000, announced: true), "larger than"),
            (.flood(200_000_000, announced: false), "larger than"),
            (.hang, "took too long"), (.hangInBody, "took too long"),
            (.redirect(to: server.address("/good")), "redirects"),
            (.status(404), "HTTP status 404"), (.status(500), "HTTP status 500"),
            (.bytes([]), "no revocation list"), (.bytes([UInt8]("<html>".utf8)), "no revocation list"),
            (.bytes([0x30, 0x82]), "no revocation list"),
            (.bytes(try other.list(number: 9, from: now() - hour, until: now() + day)), "another issuer"),
            (.bytes(try impostor.list(number: 9, from: now() - hour, until: now() + day)), "not signed by"),
            (.bytes(try self.issuer.list(number: 9, from: now() + hour, until: now() + day)), "from the future"),
            (.bytes(try self.issuer.list(number: 1, from: now() - day, until: now() + day)), "older"),
            (.bytes(try self.issuer.list(number: 9, from: now() - hour, until: now() + day, digest: "sha1")), "weak"),
        ]
        let good = try self.list(5)
        server.set("/good", .bytes(try self.list(9)))
        try await RunningService.run(RunningService.configuration(), interest: interest) { running in
            for (reply, reason) in bad {
                server.set("/crl", .bytes(good))
                try await running.wait("good before \(reason)") {
                    $0.lists.count == 1 && $0.sources.first?.failure == nil
                }
                server.set("/crl", reply)
                try await running.wait(reason) { $0.sources.first?.failure?.contains(reason) == true }
                let asked = server.count("/crl")
                try await running.wait("another attempt") { _ in server.count("/crl") > asked + 1 }
                #expect(running.state.lists.count == 1 && running.changeCount == 1, "\(reason)")
                #expect(running.state.lists.first?.number == [5])
            }
            for (_, reason) in bad {
                let expected = bad.count { $0.1 == reason }
                let told = running.said.count { $0.contains("warning") && $0.contains(reason) }
                // On a busy machine a place that is well may take too long as well.
                #expect(told == expected || told > expected && reason == "took too long", "\(reason)")
            }
        }
        #expect(server.count("/good") == 0)
        await server.stop()
    }

    @Test func `a flood of bytes takes no more memory than the limit`() async throws {
        let server = try await PlaceServer()
        server.set("/crl", .flood(1_000_000_000, announced: false))
        let interest = try self.interest(server.address("/crl"))
        var configuration = RunningService.configuration()
        configuration.maximumListBytes = 1_024 * 1_024
        try await RunningService.run(configuration, interest: interest) { running in
            try await running.wait("refusals") { _ in server.count("/crl") > 3 }
            let before = try residentBytes()
            try await running.wait("more refusals") { _ in server.count("/crl") > 25 }
            // Of the whole process, in which other suites work at the same time.
            #expect(try residentBytes() - before < 256 * 1_024 * 1_024)
        }
        await server.stop()
    }

    @Test func `an address that leads nowhere is a failure like others`() async throws {
        let interest = RevocationInterest(
            authorities: [try self.issuer.der()],
            certificates: [
                try self.issuer.issue("a", extensions: "crlDistributionPoints=URI:http://127.0.0.1:1/crl"),
                try self.issuer.issue("b", extensions: "crlDistributionPoints=URI:http://no-such-host.invalid/crl"),
                try self.issuer.issue("c", extensions: "crlDistributionPoints=URI:http://[broken/crl"),
            ])
        try await RunningService.run(RunningService.configuration(), interest: interest) { running in
            try await running.wait("failures") { $0.sources.count == 3 && $0.sources.allSatisfy { $0.failure != nil } }
            #expect(running.state.issuers.map(\.stageName) == ["missing"])
        }
    }

    @Test func `a file is read again when it changes, and a second address when the first is away`() async throws {
        let path = self.folder.file("list.pem")
        try self.folder.write(self.pem(try self.list(1)), to: "list.pem")
        var configuration = RunningService.configuration()
        configuration.lists = ["CN=Issuer": [path]]
        let interest = RevocationInterest(authorities: [try self.issuer.der()], certificates: [])
        try await RunningService.run(configuration, interest: interest) { running in
            try await running.wait("the first list") { $0.lists.first?.number == [1] }
            try self.folder.write("half a", to: "list.pem")
            try await running.wait("the broken file") { $0.sources.first?.failure != nil }
            #expect(running.state.lists.first?.number == [1])
            try self.folder.write(try self.list(2), to: "list.pem")
            try await running.wait("the second list") { $0.lists.first?.number == [2] }
        }
        let server = try await PlaceServer()
        server.set("/crl", .bytes(try self.list(3)))
        let both = "http://127.0.0.1:1/crl,URI:\(server.address("/crl"))"
        let holder = try self.issuer.issue(
            "two", extensions: "crlDistributionPoints=d\n[d]\nfullname=URI:\(both)")
        let second = RevocationInterest(authorities: [try self.issuer.der()], certificates: [holder])
        try await RunningService.run(RunningService.configuration(), interest: second) { running in
            try await running.wait("the second address") { $0.lists.first?.number == [3] }
            try await running.wait("further polls") { _ in server.count("/crl") > 3 }
            // The first address is no failure as long as there is another.
            #expect(!running.said.contains { $0.contains("could not be refreshed") })
        }
        await server.stop()
    }

    @Test func `a shutdown does not wait for a place that hangs`() async throws {
        let server = try await PlaceServer()
        server.set("/crl", .hang)
        let interest = try self.interest(server.address("/crl"))
        var configuration = RevocationConfiguration()
        configuration.tick = .milliseconds(10)
        configuration.fetchTimeout = .seconds(300)
        let service = RevocationService(
            configuration, logger: Logger(label: "test"), now: { now() * 1_000 }, interest: { interest },
            onChange: { _ in })
        let group = ServiceGroup(services: [service], logger: Logger(label: "test"))
        let start = ContinuousClock.now
        async let ended: Void = group.run()
        while server.count("/crl") == 0 { try await Task.sleep(for: .milliseconds(5)) }
        await group.triggerGracefulShutdown()
        try await ended
        #expect(ContinuousClock.now - start < .seconds(60))
        await server.stop()
    }

    @Test func `an authority that comes back gets its list again, also from a server that says nothing is new`()
        async throws
    {
        let server = try await PlaceServer()
        server.set("/crl", .bytes(try self.list(1), tag: "\"one\""))
        let interest = try self.interest(server.address("/crl"))
        try await RunningService.run(RunningService.configuration(), interest: interest) { running in
            try await running.wait("the list") { $0.lists.count == 1 }
            running.set(RevocationInterest(authorities: [], certificates: interest.certificates))
            try await running.wait("nothing") { $0.lists.isEmpty && $0.sources.isEmpty }
            running.set(interest)
            try await running.wait("the list again") { $0.lists.count == 1 }
        }
        await server.stop()
    }

    @Test func `a stranger's certificate sends us nowhere`() async throws {
        let server = try await PlaceServer()
        server.set("/crl", .bytes(try self.list(1)))
        let stranger = try TestIssuer("Issuer")
        let point = "crlDistributionPoints=URI:\(server.address("/stranger"))"
        let certificates = [
            try stranger.issue("x", extensions: point), try stranger.der(), [UInt8]("garbage".utf8), [],
            try self.issuer.issue("own", extensions: "crlDistributionPoints=URI:\(server.address("/crl"))"),
        ]
        let interest = RevocationInterest(authorities: [try self.issuer.der()], certificates: certificates)
        try await RunningService.run(RunningService.configuration(), interest: interest) { running in
            try await running.wait("the own list") { $0.lists.count == 1 }
            #expect(running.state.sources.count == 1)
        }
        #expect(server.count("/stranger") == 0)
        await server.stop()
    }
}

/// Resident memory of this process in bytes.
private func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
}
