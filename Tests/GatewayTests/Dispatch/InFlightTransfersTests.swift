import Gateway
import GatewayFixtures
import Testing

@Suite struct InFlightTransfersTests {
    private let transfers = InFlightTransfers(capacity: 2)
    private let a = TransactionID("a")
    private let b = TransactionID("b")

    private func request(_ txID: String, question: QuestionFixture = QuestionFixture()) throws -> AcceptedRequest {
        try RequestFixture(txID: txID, questions: [question]).accepted()
    }

    @Test func `a repeat of one in flight joins it`() throws {
        let request = try self.request("tx-1")
        #expect(self.transfers.arrived(request, as: self.a) == .first(isRepeat: false))
        #expect(self.transfers.arrived(request, as: self.b) == .joins(self.a))
    }

    @Test func `a repeat of a finished one is a first one that is known`() throws {
        let request = try self.request("tx-1")
        _ = self.transfers.arrived(request, as: self.a)
        self.transfers.finished(request)
        #expect(self.transfers.arrived(request, as: self.b) == .first(isRepeat: true))
        #expect(self.transfers.arrived(request, as: self.a) == .joins(self.b))
    }

    @Test func `other content under the same tx-id is another transfer`() throws {
        _ = self.transfers.arrived(try self.request("tx-1"), as: self.a)
        let other = try self.request("tx-1", question: QuestionFixture(person: QuestionFixture.persons[1]))
        #expect(self.transfers.arrived(other, as: self.b) == .first(isRepeat: false))
    }

    @Test func `another sender's tx-id is another transfer`() throws {
        let request = try self.request("tx-1")
        _ = self.transfers.arrived(request, as: self.a)
        let other = AcceptedRequest(
            label: request.label, party: Party(organisation: "5565317129", name: "Annan"), questions: request.questions)
        #expect(self.transfers.arrived(other, as: self.b) == .first(isRepeat: false))
    }

    @Test func `only so many finished ones are remembered, the oldest is forgotten first`() throws {
        for txID in ["tx-1", "tx-2", "tx-3"] {
            let request = try self.request(txID)
            _ = self.transfers.arrived(request, as: self.a)
            self.transfers.finished(request)
        }
        #expect(self.transfers.arrived(try self.request("tx-1"), as: self.b) == .first(isRepeat: false))
        #expect(self.transfers.arrived(try self.request("tx-2"), as: self.b) == .first(isRepeat: true))
        #expect(self.transfers.arrived(try self.request("tx-3"), as: self.b) == .first(isRepeat: true))
    }

    @Test func `of many that arrive at the same time one is the first`() async throws {
        let request = try self.request("tx-1")
        let firsts = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask {
                    self.transfers.arrived(request, as: TransactionID("\(number)")) == .first(isRepeat: false)
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(firsts == 1)
    }
}
