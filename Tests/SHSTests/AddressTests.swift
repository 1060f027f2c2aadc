import SHS
import Testing

struct AddressTests {
    @Test(
        arguments: [
            ("urn:X-shs:1111111111", "1111111111", nil), ("URN:x-SHS:1111111111.agda", "1111111111", "agda"),
            ("1111111111", "1111111111", nil), (" \r\n urn:X-shs:0000000000.a.b\t", "0000000000", "a.b"),
        ] as [(String, String, String?)])
    func `an address is an organisation number and perhaps an internal id`(
        text: String, organisation: String, internalID: String?
    ) throws {
        let address = try #require(PartyAddress(text))
        #expect(address.organisation == organisation)
        #expect(address.internalID == internalID)
        #expect(PartyAddress(address.urn) == address)
        #expect(address.urn.hasPrefix("urn:X-shs:\(organisation)"))
    }

    @Test(arguments: [
        "", "urn:X-shs:", "urn:X-shs:111111111", "urn:X-shs:11111111111", "urn:X-shs:111111111x", "1111111111.",
        "1111111111.a b", "111111-1111", "urn:shs:1111111111", "urn:X-shs:urn:X-shs:1111111111", "１１１１１１１１１１",
        "1111111111.\u{E5}", "1111 111111",
    ])
    func `anything else is no address`(text: String) {
        #expect(PartyAddress(text) == nil)
    }

    @Test func `a product is a UUID or a reserved word, in any case`() {
        #expect(
            ProductID("urn:X-shs:00000000-0000-0000-0000-00000000E001")?.value == "00000000-0000-0000-0000-00000000e001"
        )
        #expect(ProductID("00000000-0000-0000-0000-00000000e001")?.urn == Fixture.productText)
        #expect(ProductID("urn:x-shs:Confirm") == .confirm)
        #expect(ProductID("error") == .error)
        #expect(ProductID("agreement") == .agreement)
    }

    @Test(arguments: [
        "", "ssbtek", "00000000-0000-0000-0000-00000000e00", "00000000000000000000000000000000e001",
        "0000000g-0000-0000-0000-00000000e001", "00000000-0000-0000-0000-00000000e001-", "confirm2",
    ])
    func `anything else is no product`(text: String) {
        #expect(ProductID(text) == nil)
    }
}
