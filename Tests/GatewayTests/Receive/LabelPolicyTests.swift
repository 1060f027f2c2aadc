import Gateway
import GatewayFixtures
import SHS
import Testing

@Suite struct LabelPolicyTests {
    private let policy = LabelPolicy(profile: ProfileConfiguration())

    @Test func `a request to this node is accepted`() throws {
        try self.policy.check(RequestFixture.label())
        #expect(try self.policy.sender(of: RequestFixture.label()) == RequestFixture.municipality)
    }

    private static let faults: [(@Sendable (inout Label) -> Void, Fault)] = [
        ({ $0.sequenceType = .adm }, .administrativeNotSupported),
        ({ $0.transferType = .asynch }, .asynchronousNotSupported),
        ({ ($0.sequenceType, $0.transferType) = (.event, .asynch) }, .asynchronousNotSupported),
        ({ ($0.sequenceType, $0.transferType) = (.adm, .asynch) }, .administrativeNotSupported),
        ({ $0.sequenceType = .event }, .notARequest),
        ({ $0.sequenceType = .reply }, .notARequest),
        ({ $0.to = nil }, .missingReceiver),
        ({ $0.to = PartyAddress("1111111111").map { .init(address: $0) } }, .unknownReceiver),
        ({ $0.product.id = ProductID("00000000-0000-0000-0000-00000000e002") ?? .error }, .unknownProduct),
        ({ $0.product.id = .confirm }, .unknownProduct),
        ({ $0.status = .production }, .wrongStatus),
    ]

    @Test(arguments: Self.faults.indices)
    func `what this node does not take has its own fault`(_ index: Int) {
        var label = RequestFixture.label()
        Self.faults[index].0(&label)
        #expect(throws: Self.faults[index].1) { try self.policy.check(label) }
    }

    @Test func `a label without from has no sender`() {
        var label = RequestFixture.label()
        label.from = nil
        #expect(throws: Fault.malformedSender) { try self.policy.sender(of: label) }
    }

    @Test func `a box within the organisation is still the organisation`() throws {
        var label = RequestFixture.label()
        label.from = PartyAddress(RequestFixture.municipality + ".agda").map { .init(address: $0) }
        label.to = PartyAddress(RequestFixture.node + ".ssbtek").map { .init(address: $0) }
        try self.policy.check(label)
        #expect(try self.policy.sender(of: label) == RequestFixture.municipality)
    }

    @Test(arguments: [
        "00000000-0000-0000-0000-00000000E001", "urn:X-shs:00000000-0000-0000-0000-00000000e001",
    ])
    func `a product is configured in any of its forms`(_ text: String) throws {
        var profile = ProfileConfiguration()
        profile.products = [text]
        try LabelPolicy(profile: profile).check(RequestFixture.label())
    }
}
