import Foundation
import SSBTEK
import Testing
import XML

@Suite struct ContractTests {
    /// Documents with the verdict that the contract must give.
    private static let documents: [(name: String, document: [UInt8], isValid: Bool)] = {
        let sections = Provider.allCases.map { ($0, $0.section(ProviderResponse.bytes(of: $0))) }
        let answer = AnswerWriter.answer(askedAt: nil, correlationID: "k", echo: nil, sections: sections)
        var echoed = QuestionDocument()
        echoed.echo = "<s:fraganSkallInkluderasISvaret/>"
        func changed(_ bytes: [UInt8], _ old: String, _ new: String) -> [UInt8] {
            Array(bytes.text.replacing(old, with: new).utf8)
        }
        let question = QuestionDocument().bytes
        return [
            ("question", question, true), ("question with an empty flag", echoed.bytes, true), ("answer", answer, true),
            ("six providers", changed(question, "<s:MIV inkludera=\"true\"></s:MIV>", ""), false),
            (
                "no flag",
                changed(question, "<s:fraganSkallInkluderasISvaret>false</s:fraganSkallInkluderasISvaret>", ""), false
            ),
            ("no inclusion", changed(question, "<s:AF inkludera=\"true\">", "<s:AF>"), false),
            ("empty case", changed(question, "A-17", ""), false),
            ("no such day", changed(question, "2025-01-31", "2025-02-30"), false),
            ("TNS without namespace", changed(answer, "t:resultat", "resultat"), false),
            ("MIV in a namespace", changed(answer, "correlationid", "s:correlationid"), false),
            ("SKV in a namespace", changed(changed(answer, "<svar>", "<s:svar>"), "</svar>", "</s:svar>"), false),
            ("CSN without namespace", changed(changed(answer, "<s:svar>", "<svar>"), "</s:svar>", "</svar>"), false),
            // libxml2 passes over characters that are no base64; it refuses a length that cannot be.
            ("no base64", changed(answer, "<s:svar>", "<s:svar>e"), false),
            ("AF with more at the end", changed(answer, "</Svar>", "<x:y xmlns:x=\"urn:x\"/></Svar>"), true),
            (
                "AF with more in the middle",
                changed(answer, "<Schemaversion>", "<x:y xmlns:x=\"urn:x\"/><Schemaversion>"), false
            ),
            (
                "TNS with more of others",
                changed(answer, "</t:fordonsinnehav>", "<x xmlns=\"urn:x\"/></t:fordonsinnehav>"), true
            ),
            ("TNS with more of its own", changed(answer, "</t:fordonsinnehav>", "</t:fordonsinnehav><t:nytt/>"), false),
            ("two sections", changed(answer, "<s:svarsdata>", "<s:svarsdata><s:AF><s:data/></s:AF>"), false),
        ]
    }()

    @Test func `the contract accepts and refuses what it should`() {
        for (name, document, isValid) in Self.documents {
            #expect(ContractFiles.accepts(document) == isValid, "\(name)")
        }
    }

    @Test func `xmllint is of the same opinion`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ssbtek-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, document, isValid) in Self.documents {
            let file = folder.appending(path: "document.xml")
            try Data(document).write(to: file)
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/xmllint")
            process.arguments = [
                "--nonet", "--noout", "--schema", ContractFiles.directory + "/ssbtek.xsd",
                file.path(percentEncoded: false),
            ]
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            // 3 and 4 mean that the document is not valid; others that xmllint or the schema failed.
            #expect([0, 3, 4].contains(process.terminationStatus), "\(name)")
            #expect((process.terminationStatus == 0) == isValid, "\(name)")
        }
    }

    @Test func `a folder without the contract is an error`() {
        #expect(throws: XMLSchemaError.self) { try Contract(directory: "/nonexistent") }
    }
}
