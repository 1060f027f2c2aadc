import Revocation
import Testing
import Trust

/// What may replace what.
struct RevocationLedgerTests {
    private let issuer: TestIssuer
    private let configuration: RevocationConfiguration = {
        var configuration = RevocationConfiguration()
        configuration.grace = hour
        return configuration
    }()
    private let at = now()

    init() throws { self.issuer = try TestIssuer("Issuer") }

    private func ledger(_ issuers: TestIssuer...) throws -> RevocationLedger {
        var ledger = RevocationLedger(self.configuration)
        let authorities = try ([self.issuer] + issuers).map { try $0.der() }
        _ = ledger.planChanged(
            RevocationPlan(.init(authorities: authorities, certificates: []), configuration: self.configuration))
        return ledger
    }

    /// A list that begins and ends so many hours from now.
    private func list(
        _ number: Int, from start: Int64 = -1, until end: Int64 = 24, of issuer: TestIssuer? = nil,
        digest: String = "sha256", extensions: String = ""
    ) throws -> RevocationList {
        try RevocationList(
            der: (issuer ?? self.issuer).list(
                number: number, from: self.at + start * hour, until: self.at + end * hour, digest: digest,
                extensions: extensions))
    }

    private func admissions(_ lists: RevocationList...) throws -> [RevocationLedger.Admission] {
        var ledger = try self.ledger()
        return lists.map { ledger.admit($0, at: self.at) }
    }

    @Test func `a list is replaced by a newer one only`() throws {
        let second = try self.list(2, from: -2)
        #expect(try self.admissions(second, second) == [.adopted, .unchanged])
        #expect(try self.admissions(second, self.list(3, from: -1)) == [.adopted, .adopted])
        #expect(try self.admissions(second, self.list(1, from: -3)) == [.adopted, .refused(.older)])
        // A number that goes back, and a time that goes back.
        #expect(try self.admissions(second, self.list(1, from: -1)) == [.adopted, .refused(.older)])
        #expect(try self.admissions(second, self.list(3, from: -3)) == [.adopted, .refused(.older)])
        // Signed anew under the same number.
        #expect(try self.admissions(second, self.list(2, from: -2, until: 48)) == [.adopted, .adopted])
        #expect(try self.admissions(second, self.list(2, from: -2, until: 12)) == [.adopted, .refused(.older)])
        // Numbers are compared as numbers.
        #expect(try self.admissions(self.list(255), self.list(256)) == [.adopted, .adopted])
        #expect(try self.admissions(self.list(256), self.list(255)) == [.adopted, .refused(.older)])
    }

    @Test func `lists of different scopes stand beside each other`() throws {
        let scope = "issuingDistributionPoint=critical,@p\n[p]\nonlyuser=TRUE"
        #expect(try self.admissions(self.list(5), self.list(1, extensions: scope)) == [.adopted, .adopted])
    }

    @Test func `a list of another issuer is refused, known or not`() throws {
        let other = try TestIssuer("Other")
        let list = try self.list(1, of: other)
        #expect(try self.admissions(list) == [.refused(.otherIssuer)])
        var ledger = try self.ledger(other)
        let expected: Set = [try self.issuer.certificate().subjectBytes]
        #expect(ledger.admit(list, signers: expected, at: self.at) == .refused(.otherIssuer))
        #expect(ledger.admit(list, at: self.at) == .adopted)
    }

    @Test func `a list that another key signed under the issuer's name is refused`() throws {
        let impostor = try TestIssuer("Issuer")
        #expect(try self.admissions(self.list(1, of: impostor)) == [.refused(.signatureInvalid)])
        // Both keys are known: each has its own list, and the numbers have nothing to do with each other.
        var ledger = try self.ledger(impostor)
        #expect(ledger.admit(try self.list(9), at: self.at) == .adopted)
        #expect(ledger.admit(try self.list(1, of: impostor), at: self.at) == .adopted)
    }

    @Test func `a list from the future is refused, give or take the skew`() throws {
        #expect(try self.admissions(self.list(1, from: 1)) == [.refused(.fromTheFuture)])
        let soon = try RevocationList(
            der: self.issuer.list(number: 1, from: self.at + 50, until: self.at + hour))
        #expect(try self.admissions(soon) == [.adopted])
    }

    @Test func `a list that has run out is refused, unless it is newer than the one held`() throws {
        let gone = try self.list(2, from: -9, until: -2)
        #expect(try self.admissions(gone) == [.refused(.expired)])
        // In grace it counts.
        let graced = try RevocationList(
            der: self.issuer.list(number: 2, from: self.at - 9 * hour, until: self.at - 60))
        #expect(try self.admissions(graced) == [.adopted])
        var ledger = try self.ledger()
        #expect(ledger.admit(try self.list(1, from: -20, until: -10), isFromDisk: true, at: self.at) == .adopted)
        #expect(ledger.admit(gone, at: self.at) == .adopted)
    }

    @Test func `a weak signature and an unknown critical extension are refused`() throws {
        #expect(try self.admissions(self.list(1, digest: "sha1")) == [.refused(.weakAlgorithm)])
        let unknown = try self.list(1, extensions: "1.2.3.4=critical,DER:05:00")
        #expect(try self.admissions(unknown) == [.refused(.criticalExtension)])
    }

    @Test func `what an authority said goes with it`() throws {
        var ledger = try self.ledger()
        #expect(ledger.admit(try self.list(1), at: self.at) == .adopted)
        let hasForgotten = ledger.planChanged(.none)
        #expect(hasForgotten)
        #expect(ledger.admit(try self.list(1), at: self.at) == .refused(.otherIssuer))
    }

    @Test func `an answer is taken up, and a refused one takes nothing away`() throws {
        let holder = try self.issuer.issue("holder", extensions: "authorityInfoAccess=OCSP;URI:http://localhost/")
        let interest = RevocationInterest(authorities: [try self.issuer.der()], certificates: [holder])
        var ledger = RevocationLedger(self.configuration)
        _ = ledger.planChanged(RevocationPlan(interest, configuration: self.configuration))
        let certificate = try Certificate(der: holder)
        let issuer = try self.issuer.certificate()
        func admit(_ response: [UInt8], after seconds: Int64 = 0) -> RevocationLedger.Admission {
            ledger.admit(response: response, about: certificate, issuer: issuer, at: now() + seconds)
        }
        let good = try self.issuer.answer(about: "holder")
        #expect(admit(good) == .adopted)
        #expect(admit(good) == .unchanged)
        #expect(admit([1, 2, 3]) == .refused(.answerNotAccepted(.malformed)))
        #expect(admit(good, after: 2 * 86_400) == .refused(.answerNotAccepted(.expired)))
        #expect(admit(try self.issuer.answer(about: "holder", revoked: true)) == .adopted)
        #expect(admit(good) != .adopted)
    }
}
