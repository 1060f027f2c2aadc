import SSBTEK
import Testing

@Suite struct QuestionEchoTests {
    private static let yes = "<s:fraganSkallInkluderasISvaret>1</s:fraganSkallInkluderasISvaret>"

    @Test func `the question comes back byte by byte`() throws {
        var document = QuestionDocument()
        document.echo = Self.yes + "<!-- å <kept> --><?also kept?>\r\n"
        document.correlationID = "<s:korrelationsid><![CDATA[a<b]]>&#x41;</s:korrelationsid>"
        let question = try document.read()
        let echo = try #require(question.echoContent)
        let text = document.text
        let content = try text[
            #require(text.firstRange(of: "/10\">")).upperBound..<#require(text.firstRange(of: "</s:hamta")).lowerBound]
        #expect(echo.text == "<s:fraga xmlns:s=\"\(Namespace.ssbtek)\">\(content)</s:fraga>")
        let answer = Self.answer(to: question)
        #expect(ContractFiles.accepts(answer))
        #expect(answer.contains(String(content)))
    }

    @Test func `an answer without a wish for it has no echo`() throws {
        var document = QuestionDocument()
        #expect(try document.read().echoContent == nil)
        // The element left empty has the schema's default, which is no.
        document.echo = "<s:fraganSkallInkluderasISvaret/>"
        #expect(try document.read().echoContent == nil)
    }

    @Test(arguments: ["s", "", "q", "s1", "å"])
    func `any prefix of the asker's keeps its meaning`(prefix: String) throws {
        var document = QuestionDocument()
        document.echo = Self.yes
        let mark = prefix.isEmpty ? "" : prefix + ":"
        let text = document.text.replacing("<s:", with: "<\(mark)").replacing("</s:", with: "</\(mark)")
            .replacing("xmlns:s=", with: prefix.isEmpty ? "xmlns=" : "xmlns:\(prefix)=")
        let question = try QuestionReader(contract: ContractFiles.contract).read(Array(text.utf8))
        #expect(ContractFiles.accepts(Self.answer(to: question)))
    }

    @Test func `a prefix s with another meaning does not rename the echo`() throws {
        var document = QuestionDocument()
        document.echo = Self.yes
        let text = document.text.replacing("<s:", with: "<q:").replacing("</s:", with: "</q:")
            .replacing("xmlns:s=", with: "xmlns:s=\"urn:other\" xmlns:s1=\"urn:more\" xmlns:q=")
        let question = try QuestionReader(contract: ContractFiles.contract).read(Array(text.utf8))
        #expect(try #require(question.echoContent).text.hasPrefix("<s2:fraga xmlns:s2="))
        #expect(ContractFiles.accepts(Self.answer(to: question)))
    }

    static func answer(to question: Question) -> [UInt8] {
        AnswerWriter.answer(
            askedAt: question.askedAt, correlationID: question.correlationID, echo: question.echoContent,
            sections: question.included.map { ($0, .error(.gateway(.noAnswerInTime))) })
    }
}
