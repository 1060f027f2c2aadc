import Foundation
import Gateway
import Testing

@testable import shs_gateway

/// Times, tables and registers as people write and read them.
struct TextTests {
    @Test(arguments: [
        ("0ms", Duration.zero), ("400ms", .milliseconds(400)), ("7s", .seconds(7)), ("15m", .seconds(900)),
        ("2h", .seconds(7_200)), ("999999999s", .seconds(999_999_999)),
    ])
    func `a time is a whole number with its unit`(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
        #expect(DurationText.parse(DurationText.text(duration)) == duration)
    }

    @Test(arguments: [
        "", "7", "s", "-7s", "+7s", "7 s", "7S", "7d", "1.5s", "٧s", "1000000000s", "7s ", "99999999999999999999s",
    ])
    func `anything else is no time`(text: String) { #expect(DurationText.parse(text) == nil) }

    @Test func `moments are written in UTC, to the second`() {
        #expect(TimeText.text(0) == "1970-01-01T00:00:00Z")
        #expect(TimeText.text(1_795_000_000) == "2026-11-18T11:06:40Z")
        #expect(TimeText.text(-1) == "1969-12-31T23:59:59Z")
    }

    @Test func `a table has columns of equal width, and nothing behind the last`() {
        #expect(TextTable.text([["A", "BB"], ["long", "x"]]) == "A     BB\nlong  x")
        #expect(TextTable.text([]) == "")
    }

    @Test(arguments: [
        ("parties: [\n", "not readable as YAML"), ("", "not"),
        ("parties:\n  - name: A\n", "parties.[0]: organisation is missing"),
        ("parties:\n  - organisation: \"2120009911\"\n", "parties.[0]: name is missing"),
        ("parties:\n  - organisation: [1]\n    name: A\n", "parties.[0].organisation: not of the right type"),
        (
            "parties:\n  - organisation: \"12\"\n    name: A\n",
            "parties: '12' is not an organisation number of ten digits"
        ),
        (
            "parties:\n  - {organisation: \"2120009911\", name: A}\n  - {organisation: \"2120009911\", name: B}\n",
            "parties: 2120009911 is listed twice"
        ),
        (
            "parties:\n  - {organisation: \"2120009911\", name: A, supplier: \"5599990016\"}\n",
            "parties: the supplier 5599990016 of 2120009911 is not listed"
        ),
        (
            "parties:\n  - {organisation: \"2120009911\", name: A, certificates: [{fingerprint: \"12\"}]}\n",
            "parties.[0].certificates.[0].fingerprint: not of the right type"
        ),
    ])
    func `what is wrong with a register is told with its place`(yaml: String, problem: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try PartiesFile.read(Array(yaml.utf8)) }
        #expect(error?.problems.count == 1)
        #expect(error?.problems.first?.contains(problem) == true, "\(error?.problems ?? [])")
        // From a file of its own, the file is named as well.
        let folder = try TestFolder()
        let file = try folder.write(yaml, to: "parties.yaml")
        let named = #expect(throws: ConfigurationError.self) { try PartiesFile.load(file) }
        #expect(named?.problems == error?.problems.map { "\(file): \($0)" })
    }

    @Test func `a register that is not there is named, and one that is right is read`() throws {
        let error = #expect(throws: ConfigurationError.self) { try PartiesFile.load("/nowhere/parties.yaml") }
        #expect(error?.problems == ["/nowhere/parties.yaml: not readable"])
        #expect(try PartiesFile.load(Repository.path + "/Config/parties.yaml").all.count > 0)
    }
}
