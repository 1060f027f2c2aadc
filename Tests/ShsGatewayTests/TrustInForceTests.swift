import Foundation
import Gateway
import GatewayFixtures
import Logging
import ServiceLifecycle
import Synchronization
import Testing
import Trust

@testable import shs_gateway

/// How the program gets its certificates, follows them, and says whom it refuses.
struct TrustInForceTests {
    /// Computed: the sets are made while the tests run, and lists from after this moment would be from the future.
    private var now: Int64 { Int64(Date().timeIntervalSince1970) }

    init() { _ = CapturedLog.shared }

    private func source(
        _ directory: String, _ role: TrustRole = .all, parties: String? = nil
    ) throws -> TrustSource {
        var configuration = GatewayConfiguration(SettingsReader(providers: []))
        configuration.files.certificates = directory
        configuration.files.parties = parties
        configuration.files.revocation = "/nowhere"
        return TrustSource(configuration, role: role)
    }

    private func refusal(_ source: TrustSource, at instant: Int64) throws -> [String] {
        let error = #expect(throws: TrustSource.Refusal.self) { try source.load(at: instant) }
        return error?.problems ?? []
    }

    @Test func `a folder without sets, a link to nowhere and a register that is wrong are refused with a sentence`()
        async throws
    {
        let sets = try await DevelopmentSets.shared()
        let folder = try TestFolder()
        #expect(
            try self.refusal(self.source(folder.path), at: self.now) == [
                "current: there is no set: neither a manifest nor a link 'current'"
            ])
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("current"), withDestinationPath: "../elsewhere")
        #expect(
            try self.refusal(self.source(folder.path), at: self.now) == [
                "current: it has to be a link to a folder beside it whose name is a number"
            ])
        let register = try folder.write("parties:\n  - organisation: \"1\"\n    name: A\n", to: "parties.yaml")
        let source = try self.source(sets.folder.path, parties: register)
        #expect(
            try self.refusal(source, at: self.now) == [
                "parties.yaml: \(register): parties: '1' is not an organisation number of ten digits"
            ])
        // A role that serves nobody has no use for it.
        _ = try self.source(sets.folder.path, .correlator, parties: register).load(at: self.now)
    }

    @Test func `a set is loaded with its number, aside as well`() async throws {
        let source = try self.source(try await DevelopmentSets.shared().folder.path)
        #expect(try source.load(at: self.now).number == 1)
        #expect(try await source.loadAside(at: self.now).get().number == 1)
        let late = await source.loadAside(at: self.now + 400 * 86_400)
        guard case .failure(let refusal) = late else {
            Issue.record("it was accepted")
            return
        }
        #expect(refusal.problems.contains("node/tls-server: there is no certificate that is valid now"))
        #expect(source.files.number == 1)
        #expect(!source.files.isSet)
    }

    @Test func `a follower is told of every snapshot, and ends with the process`() async throws {
        let snapshot = try self.source(try await DevelopmentSets.shared().folder.path).load(at: self.now)
        let holder = TrustHolder(snapshot)
        let seen = Atomic(0)
        let follower = TrustFollower(holder: holder, pause: .seconds(3_600)) { _ in
            seen.add(1, ordering: .relaxed)
        }
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: follower)], logger: .init(label: "test")))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            // It may begin to listen after a swap, so there are several.
            #expect(
                await eventually {
                    holder.swap(snapshot)
                    return seen.load(ordering: .relaxed) >= 3
                })
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `a follower is asked again after its pause, also without a change`() async throws {
        let snapshot = try self.source(try await DevelopmentSets.shared().folder.path).load(at: self.now)
        let seen = Atomic(0)
        let follower = TrustFollower(holder: TrustHolder(snapshot), pause: .milliseconds(1)) { _ in
            seen.add(1, ordering: .relaxed)
        }
        let task = Task { try await follower.run() }
        #expect(await eventually { seen.load(ordering: .relaxed) >= 3 })
        task.cancel()
        _ = await task.result
    }

    @Test func `a refused client is told once a minute, whatever it tries`() async throws {
        let sets = try await DevelopmentSets.shared()
        let snapshot = try self.source(sets.folder.path).load(at: self.now)
        let chain = [try sets.der("bad/expired/transport.crt")]
        let verdict = snapshot.verifyClient(certificatesDER: chain, at: self.now)
        let fingerprint = try #require(verdict.holder?.fingerprint)
        let refused = RefusedClients()
        func told() -> [String] {
            CapturedLog.shared.text.filter { $0.contains("A client was refused") && $0.contains(fingerprint) }
        }
        for _ in 0..<50 { refused.refused(verdict, at: self.now) }
        refused.refused(verdict, at: self.now + 59)
        #expect(told().count == 1)
        #expect(told().first?.contains("trust.reason=expired") == true)
        #expect(told().first?.contains("trust.failed=validity") == true)
        // Nothing of the subject, which may name a person.
        #expect(told().first?.contains("Kommun A") == false)
        refused.refused(verdict, at: self.now + 60)
        #expect(told().count == 2)
    }

    @Test func `what can be read of a refused set is listed`() async throws {
        let sets = try await DevelopmentSets.shared()
        let folder = try TestFolder()
        try FileManager.default.copyItem(atPath: sets.folder.file("0001"), toPath: folder.file("0001"))
        let whole = try self.source(folder.file("0001")).load(at: self.now).inventory
        // Of all roles' certificates for the broker, since nobody says whose list it is.
        let found = InventoryEntry.readable(in: folder.file("0001"))
        #expect(Set(whole).isSubset(of: found))
        #expect(Set(found).subtracting(whole).allSatisfy { $0.kind == .brokerClient })
        try FileManager.default.removeItem(atPath: folder.file("0001/anchors/clients.pem"))
        try folder.write("rubbish", to: "0001/node/tls-server/1.crt")
        let rest = InventoryEntry.readable(in: folder.file("0001"))
        #expect(rest.count == found.count - 2)
        try FileManager.default.removeItem(atPath: folder.file("0001/manifest"))
        #expect(InventoryEntry.readable(in: folder.file("0001")) == rest)
        #expect(InventoryEntry.readable(in: "/nowhere") == [])
    }
}
