import SSBTEK
import Testing

@Suite struct Base64Tests {
    @Test func `what is encoded is decoded again`() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            let text = Base64.encode(bytes)
            #expect(text.count == (count + 2) / 3 * 4)
            #expect(Base64.decode(text) == bytes)
        }
        #expect(Base64.encode(Array("light work.".utf8)).text == "bGlnaHQgd29yay4=")
    }

    @Test(arguments: [
        "a", "ab", "abc", "ab=c", "a===", "====", "=", "ab=", "e31=", "ab==c", "e30=e30=", "e-_=", "é30=",
    ])
    func `what an encoder would not write is refused`(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }

    @Test func `white space is passed over`() {
        #expect(Base64.decode(" e\n3 0\r=\t".utf8) == Array("{}".utf8))
    }
}
