import Foundation
import GatewayTestSupport
import Testing

@testable import Residue

/// The search itself: what is there is found, and what is not there is not.
struct ResidueSearchTests {
    @Test func `every planted marker is found, in every form, in a file, packed, and in a process's memory`() throws {
        #expect(try ResidueControl.missed(below: NSTemporaryDirectory()) == [])
    }

    @Test func `random bytes hold nothing`() {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<1_000_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let needles = (0..<100).map { Needle.personnummer(FictitiousNumber.digits($0, bornFrom: 10)) }
        #expect(ResidueSearch(for: needles).bytes(bytes, named: "random").findings == [])
    }

    @Test(arguments: ["650230-9987", "6502309987", "196502309987", "19650230-9987"])
    func `a number is found as people write it`(text: String) {
        let search = ResidueSearch(for: [.personnummer("196502309987")])
        #expect(search.bytes(Array("x\(text)y".utf8), named: "text").findings.map(\.needle) == ["personnummer 0"])
        #expect(search.bytes(Array("x\(text.dropLast())x".utf8), named: "text").findings == [])
    }

    @Test(arguments: 0..<3) func `base64 is found at each of its places, whole and in lines`(offset: Int) {
        let search = ResidueSearch(for: [.personnummer("196502309987")])
        let text = Data((String(repeating: "x", count: 50 + offset) + "6502309987 and more after it").utf8)
        for options in [Data.Base64EncodingOptions(), .lineLength76Characters] {
            let found = search.bytes(Array(text.base64EncodedString(options: options).utf8), named: "base64").findings
            #expect(!found.isEmpty)
        }
        #expect(
            !search.bytes(Array(Data(text.base64EncodedString().utf8).base64EncodedString().utf8), named: "twice")
                .findings.isEmpty)
    }

    @Test func `a finding says where and never what`() {
        let found = ResidueSearch(for: [.personnummer("196502309987")])
            .bytes(Array("0123456502309987".utf8), named: "place").findings
        #expect(found.map(\.offset) == [6])
        #expect(!"\(found)".contains("6502309987"))
    }

    @Test func `what a process cannot have written is not read`() {
        let maps = """
            5500-5600 r-xp 00000000 fe:00 12 /usr/bin/x
            5600-5700 rw-p 00000000 fe:00 12 /usr/bin/x
            7000-7100 rw-p 00000000 00:00 0
            7100-7200 ---p 00000000 00:00 0
            7f00-7f10 rw-p 00000000 00:00 0 [stack]
            7f10-7f20 r-xp 00000000 00:00 0 [vdso]
            """
        #expect(ProcessMemory.regions(maps).map(\.name) == ["/usr/bin/x", "anonymous", "[stack]"])
    }

    @Test func `values that tell somebody apart are kept, and what all answers have is not`() {
        var fragments = Fragments()
        fragments.add("<namn>Anna Exempelsson</namn><datum>2026-01-01</datum><text>lika för alla här</text>")
        fragments.add(
            "<json>\(Data(#"{"a":"Storgatan 12 Xköping med mycket mera text i sig"}"#.utf8).base64EncodedString())</json>"
                + "<text>lika för alla här</text>")
        #expect(fragments.rare(among: 10) == ["Anna Exempelsson", "Storgatan 12 Xköping med mycket mera text i sig"])
    }
}
