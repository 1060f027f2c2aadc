import Foundation
import Testing
import XML

struct XMLSchemaTests {
    @Test func `a document is valid or has violations with code and line but no value`() throws {
        try withSchema { schema in
            let valid = try read("<q xmlns='urn:q'><n>1</n></q>")
            #expect(schema.violations(of: valid).isEmpty)
            let invalid = try read("<q xmlns='urn:q'>\n<n>191212121212x</n></q>")
            let wrong = schema.violations(of: invalid)
            #expect(wrong.first?.line == 2)
            #expect(!String(describing: wrong).contains("1912"))
            let unqualified = try read("<q><n>1</n></q>")
            #expect(schema.violations(of: unqualified).count == 1)
        }
    }

    @Test func `the same schema and the same document are used by many threads`() async throws {
        try await withSchema { schema in
            let shared = try read("<q xmlns='urn:q'><n>1</n></q>")
            let valid = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let own = try read("<q xmlns='urn:q'><n>\(number.isMultiple(of: 2) ? "1" : "x")</n></q>")
                        return schema.violations(of: own).isEmpty && schema.violations(of: shared).isEmpty ? 1 : 0
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 }
            }
            #expect(valid == 100)
        }
    }

    @Test func `a schema location inside the document is not followed`() throws {
        try withSchema { schema in
            let text = """
                <q xmlns='urn:q' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'
                   xsi:schemaLocation='urn:x file:///nonexistent.xsd'><n>1</n></q>
                """
            let document = try read(text)
            #expect(schema.violations(of: document).isEmpty)
        }
    }

    @Test func `a missing or broken schema is an error that names the file`() throws {
        #expect(throws: XMLSchemaError.self) { try XMLSchema(contentsOf: "/nonexistent.xsd") }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).xsd").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a' type='b'/></xs:schema>".utf8
        )
        .write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: XMLSchemaError.self) { try XMLSchema(contentsOf: path) }
        #expect(error?.path == path)
        #expect(error?.problems.isEmpty == false)
    }

    private static let source = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:q" elementFormDefault="qualified">
          <xs:element name="q"><xs:complexType><xs:sequence>
            <xs:element name="n" type="xs:int" maxOccurs="3"/>
          </xs:sequence></xs:complexType></xs:element>
        </xs:schema>
        """

    private func withSchema(_ body: (XMLSchema) async throws -> Void) async throws {
        let (schema, path) = try Self.make()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(schema)
    }

    private func withSchema(_ body: (XMLSchema) throws -> Void) throws {
        let (schema, path) = try Self.make()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(schema)
    }

    private static func make() throws -> (XMLSchema, String) {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).xsd").path
        try Data(Self.source.utf8).write(to: URL(fileURLWithPath: path))
        return (try XMLSchema(contentsOf: path), path)
    }
}
